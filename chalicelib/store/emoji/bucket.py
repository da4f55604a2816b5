"""Packs of emoji in the bucket: their files, their `pack.json`, and the archives that others download.

A file lies where its public address says: `emoji/PACK/PATH`. Beside the files of a pack lies `pack.json`, which is
written from the rows. Archives lie under `media/emoji_packs/`. They expire; who needs one that is gone makes it again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from .. import files
from ..dynamo.parallel import together
from .rows import Contents, EmojiPack, list_packs, remember_archive

FOLDER = "emoji/"
MANIFEST = "pack.json"
CACHING = "public, no-cache"
ARCHIVES = "media/emoji_packs/"
ARCHIVE_DAYS = 7
"""After so many days the bucket deletes an archive (`infra/resources.json`)."""
_DAY = 86_400
_AT_ONCE = 64
TYPES = {"png": "image/png", "apng": "image/apng", "gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg",
         "webp": "image/webp", "avif": "image/avif", "bmp": "image/bmp", "ico": "image/x-icon", "svg": "image/svg+xml",
         "jxl": "image/jxl", "json": "application/json"}


def type_of(path: str) -> str:
    """The content type of a pack's file, by its extension. A browser neither shows nor runs what is no picture."""
    extension = path.rpartition("/")[2].rpartition(".")[2].lower()
    return TYPES.get(extension, "application/octet-stream")


def place(pack: str, path: str = "") -> str:
    """Where a file of a pack lies in the bucket."""
    return f"{FOLDER}{pack}/{path}"


# Files.


def put_files(pack: str, found: Mapping[str, bytes]) -> None:
    """Store files of a pack by their paths, all at the same time."""
    together(*[
        lambda path=path, data=data: files.put(place(pack, path), data, type_of(path), CACHING)
        for path, data in found.items()
    ])


def get_files(pack: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Those of the files that exist, by their paths."""
    wanted = list(dict.fromkeys(paths))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start:start + _AT_ONCE]
        data = together(*[lambda path=path: files.get(place(pack, path)) for path in some])
        found.update((path, each) for path, each in zip(some, data, strict=True) if each is not None)
    return found


def remove_files(pack: str, paths: Iterable[str]) -> None:
    """Delete files of a pack. Those that do not exist are no error."""
    files.remove_all(place(pack, path) for path in sorted(paths))


def manifest(metadata: Mapping[str, Any], paths: Mapping[str, str]) -> bytes:
    """The content of `pack.json`: what is stored of a pack, in the form that servers share."""
    written = {"files": dict(paths), "files_count": len(paths), "pack": metadata}
    return json.dumps(written, ensure_ascii=False, indent=2).encode()


def put_manifest(contents: Contents) -> None:
    """Write the `pack.json` of a pack."""
    data = manifest(contents.pack.metadata, contents.paths)
    files.put(place(contents.pack.name, MANIFEST), data, type_of(MANIFEST), CACHING)


# Folders.


def has_folder(pack: str) -> bool:
    """Whether any file lies in the pack's folder."""
    return files.is_folder(place(pack))


def list_folder(pack: str) -> dict[str, int]:
    """Path and size of every file in a pack's folder, whether an emoji uses it or not."""
    return files.list_folder(place(pack))


def list_unknown_folders() -> list[str]:
    """The folders that belong to no pack, sorted."""
    return sorted(set(files.list_folders(FOLDER)) - {pack.name for pack in list_packs()}, key=str.encode)


def remove_folder(pack: str) -> None:
    files.remove_folder(place(pack))


# Archives.


def archive_path(pack: str, sha: str) -> str:
    """Where an archive with this checksum lies."""
    return f"{ARCHIVES}{pack}/{sha}.zip"


def has_archive(pack: str, sha: str) -> bool:
    """Whether the archive exists and will not expire for another day."""
    written = files.written_at(archive_path(pack, sha))
    return written is not None and written > time.time() - (ARCHIVE_DAYS - 1) * _DAY


def keep_archive(pack: EmojiPack, sha: str, data: bytes) -> None:
    """Store an archive of a pack. Its checksum is remembered if the pack has not changed since it was read."""
    safe = pack.name.isascii() and pack.name.isprintable() and not set(pack.name) & set('"\\')
    named = f'filename="{pack.name}.zip"' if safe else f"filename=\"pack.zip\"; filename*=UTF-8''{quote(pack.name)}.zip"
    files.put(archive_path(pack.name, sha), data, "application/zip", CACHING, f"attachment; {named}")
    before = pack.sha
    if remember_archive(pack, sha) and before and before != sha:
        files.remove(archive_path(pack.name, before))


def remove_archives(pack: str) -> None:
    files.remove_folder(f"{ARCHIVES}{pack}/")
