"""Folders that somebody copied into the bucket become packs.

The folder's `pack.json` says which emoji it holds; in folders of older servers `emoji.txt` does. Without either, every
picture is an emoji whose shortcode is the name of the file.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

from ...settings import settings
from ...store.emoji import bucket
from ...store.emoji.bucket import MANIFEST
from ...store.emoji.changes import IMPORT, finish_left
from . import zips
from .changing import changing
from .names import is_pack_name, is_path, is_shortcode, shortcode_of
from .pictures import is_meant, only_pictures
from .zips import MOST_ENTRIES

LIST = "emoji.txt"
SECONDS = 20.0
"""Folders that are not imported by then are left to the next call."""
FILES_AT_ONCE = 64
_COMMA = re.compile(r",\s*")


def import_all() -> list[str]:
    """Make a pack of every folder that is no pack yet. Answers the names of the new packs, sorted."""
    until = time.monotonic() + SECONDS
    finish_left()
    made = []
    for name in bucket.list_unknown_folders():
        if time.monotonic() > until:
            break
        if is_pack_name(name) and _import(name):
            made.append(name)
    return made


def _import(name: str) -> bool:
    """False if the folder has become a pack meanwhile, or holds nothing that we can read."""
    with changing(name, "Error accessing emoji pack directory", IMPORT) as change:
        found = bucket.list_folder(name)
        if change.contents is not None or not found:
            return False
        read = _read(name, found)
        if read is None:
            return False
        metadata, paths = read
        there = sorted(found.keys() & set(paths.values()))
        sizes: dict[str, int] = {}
        for start in range(0, len(there), FILES_AT_ONCE):
            # Stored again, so that each has the type we give it, not the one that the operator's tool gave it.
            pictures = only_pictures(bucket.get_files(name, there[start:start + FILES_AT_ONCE]))
            change.put(pictures)
            sizes |= {path: len(data) for path, data in pictures.items()}
        placed = {shortcode: (path, sizes.get(path)) for shortcode, path in paths.items()
                  if path in sizes or path not in found}
        change.exchange(metadata, placed, {})
    return True


def _read(name: str, found: Mapping[str, int]) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The metadata and the emoji of a folder with these files. None if its `pack.json` cannot be read."""
    if MANIFEST in found:
        return _from_manifest(name)
    texts = bucket.get_files(name, [LIST]) if LIST in found else {}
    pairs = _from_list(name, texts[LIST]) if LIST in texts else _from_pictures(found)
    return {}, _safe(name, pairs)


def _from_manifest(name: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    try:
        manifest = json.loads(bucket.get_files(name, [MANIFEST])[MANIFEST].decode("utf-8-sig"))
        json.dumps(manifest, ensure_ascii=False, allow_nan=False).encode()
        pairs, metadata = manifest["files"].items(), manifest.get("pack") or {}
        if not isinstance(metadata, dict) or not zips.is_small(metadata):
            return None
        return zips.without_added(metadata), _safe(name, pairs)
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError):
        return None


def _from_list(name: str, text: bytes) -> Iterable[tuple[str, str]]:
    """Shortcode and path of each line of `emoji.txt`: `shortcode, path, tags…`.

    The path may also be the public address of a file in this folder: `/emoji/NAME/FILE`.
    """
    own = f"/emoji/{name}"
    for line in text.decode("utf-8-sig", "replace").splitlines():
        parts = _COMMA.split(line.strip())
        if len(parts) > 1:
            path = parts[1].replace("\\", "/")
            folder, _, file = path.rpartition("/")
            yield parts[0], file if folder == own else path


def _from_pictures(found: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    extensions = tuple(settings.emoji_pack_extensions.lower().split())
    return [(shortcode_of(path), path) for path in found
            if path.lower().endswith(extensions) and is_meant(path)]


def _safe(name: str, pairs: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """The pairs that may become emoji, as shortcode to path. Of equal shortcodes the last wins."""
    kept = {shortcode: path.replace("\\", "/") for shortcode, path in pairs if isinstance(path, str)
            and is_shortcode(shortcode) and is_path(name, path.replace("\\", "/"))}
    return dict(list(kept.items())[:MOST_ENTRIES])
