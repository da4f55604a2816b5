"""Folders that somebody copied into the bucket become packs.

What a folder means, its own `pack.json` says, or `emoji.txt` as older servers have it; else every picture in it is an
emoji by its file's name.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

from ...settings import settings
from ...store.emoji import packs
from ...store.emoji.changes import IMPORT, finish_left
from ...store.emoji.packs import MANIFEST
from . import zips
from .changing import changing
from .names import is_pack_name, is_path, is_shortcode, shortcode_of
from .zips import MOST_ENTRIES

LIST = "emoji.txt"
SECONDS = 20.0
"""What is not imported by then is left to the next call."""
FILES_AT_ONCE = 64
_COMMA = re.compile(r",\s*")


def import_all() -> list[str]:
    """Make packs of all folders that are none yet; the names of those that were made, sorted."""
    until = time.monotonic() + SECONDS
    finish_left()
    made = []
    for name in packs.unknown_folders():
        if time.monotonic() > until:
            break
        if is_pack_name(name) and _import(name):
            made.append(name)
    return made


def _import(name: str) -> bool:
    """False when it is a pack by now, or holds nothing that could be read."""
    with changing(name, "Error accessing emoji pack directory", IMPORT) as change:
        found = packs.list_folder(name)
        if change.contents is not None or not found:
            return False
        read = _read(name, found)
        if read is None:
            return False
        metadata, paths = read
        placed = {shortcode: (path, found.get(path)) for shortcode, path in paths.items()}
        there = sorted({path for path, size in placed.values() if size is not None})
        for start in range(0, len(there), FILES_AT_ONCE):
            # Stored once more, so that their types are ours and not those that somebody's tool gave them.
            change.put(packs.get_files(name, there[start:start + FILES_AT_ONCE]))
        change.exchange(metadata, placed, {})
    return True


def _read(name: str, found: Mapping[str, int]) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Metadata and emoji of a folder with these files; None: its `pack.json` is none."""
    if MANIFEST in found:
        return _from_manifest(name)
    texts = packs.get_files(name, [LIST]) if LIST in found else {}
    pairs = _from_list(name, texts[LIST]) if LIST in texts else _from_pictures(found)
    return {}, _safe(name, pairs)


def _from_manifest(name: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    try:
        manifest = json.loads(packs.get_files(name, [MANIFEST])[MANIFEST].decode("utf-8-sig"))
        json.dumps(manifest, ensure_ascii=False, allow_nan=False).encode()
        pairs, metadata = manifest["files"].items(), manifest.get("pack") or {}
        if not isinstance(metadata, dict) or not zips.is_small(metadata):
            return None
        return zips.stored(metadata), _safe(name, pairs)
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError):
        return None


def _from_list(name: str, text: bytes) -> Iterable[tuple[str, str]]:
    """`shortcode, path, tags…` a line. A path into the pack's own folder, as the web sees it, is one within it."""
    own = f"/emoji/{name}"
    for line in text.decode("utf-8-sig", "replace").splitlines():
        parts = _COMMA.split(line.strip())
        if len(parts) > 1:
            folder, _, file = parts[1].rpartition("/")
            yield parts[0], file if folder == own else parts[1]


def _from_pictures(found: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    extensions = tuple(settings.emoji_pack_extensions.lower().split())
    return [(shortcode_of(path), path) for path in found if path.lower().endswith(extensions)]


def _safe(name: str, pairs: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Those that can be emoji; the last of equal shortcodes wins."""
    kept = {shortcode: path for shortcode, path in pairs if isinstance(path, str)
            and is_shortcode(shortcode) and is_path(name, path)}
    return dict(list(kept.items())[:MOST_ENTRIES])
