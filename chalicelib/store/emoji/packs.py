"""Packs of custom emoji, read: their rows, their files in the bucket, the archive that others download.

A file lies in the bucket where its address says, `emoji/PACK/PATH`, and beside the files lies `pack.json`, which says
what the rows say. Archives lie under `media/emoji_packs/` and expire; whoever needs one that is gone makes it anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .. import files
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import fetch, update
from .rows import AFTER, PACKS, SEPARATOR, EmojiPack, EmojiRow, list_packs, rows_of

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
    """The content type of an emoji's file, by its extension: that of a picture, or one that nothing shows or runs."""
    extension = path.rpartition("/")[2].rpartition(".")[2].lower()
    return TYPES.get(extension, "application/octet-stream")


@dataclass(frozen=True)
class Contents:
    """A pack as it stands: its row, the rows of its emoji by shortcode, and rows that are not to be seen (yet)."""

    pack: EmojiPack
    files: Mapping[str, EmojiRow]
    unseen: Sequence[EmojiRow] = field(default=())

    @property
    def is_whole(self) -> bool:
        """Else row and emoji were read before and after a change."""
        return len(self.files) == self.pack.files_count

    @property
    def paths(self) -> dict[str, str]:
        """Shortcode to path."""
        return {shortcode: str(row.path) for shortcode, row in self.files.items()}


def _sorted(pack: EmojiPack, rows: Iterable[EmojiRow]) -> Contents:
    found = list(rows)
    return Contents(pack, {row.shortcode: row for row in found if row.generation == pack.generation},
                    [row for row in found if row.generation != pack.generation])


def read(name: str) -> tuple[Contents | None, list[EmojiRow]]:
    """A pack, and its rows that count for nothing: all of them where there is no pack. One round."""
    found, rows = together(lambda: fetch(strong=[key(EmojiPack, PACKS, name)]),
                           lambda: rows_of(EmojiRow.k.startswith(name + SEPARATOR)))
    pack = found.get(EmojiPack, PACKS, name)
    if pack is None:
        return None, rows
    contents = _sorted(pack, rows)
    return contents, list(contents.unseen)


def find(name: str) -> Contents | None:
    """A pack with all its emoji. Read again if it was exchanged for another between its row and theirs."""
    for _ in range(3):
        contents = read(name)[0]
        if contents is None or contents.is_whole:
            break
    return contents


def find_pack(name: str) -> EmojiPack | None:
    """A pack's own row."""
    return fetch(strong=[key(EmojiPack, PACKS, name)]).get(EmojiPack, PACKS, name)


def page(start: int, count: int) -> tuple[list[Contents], int]:
    """Packs by name from a place on, with all their emoji, and how many packs there are. Two rounds."""
    packs = list_packs()
    wanted = packs[start:start + count]
    if not wanted:
        return [], len(packs)
    rows = rows_of(EmojiRow.k.between(wanted[0].name + SEPARATOR, wanted[-1].name + AFTER))
    by_pack: dict[str, list[EmojiRow]] = {}
    for row in rows:
        by_pack.setdefault(row.pack, []).append(row)
    found = [_sorted(pack, by_pack.get(pack.name, ())) for pack in wanted]
    return [each if each.is_whole else find(each.pack.name) or each for each in found], len(packs)


def names() -> set[str]:
    return {pack.name for pack in list_packs()}


# Files.


def place(pack: str, path: str = "") -> str:
    return f"{FOLDER}{pack}/{path}"


def manifest(metadata: Mapping[str, Any], paths: Mapping[str, str]) -> bytes:
    """`pack.json`: what is stored of a pack, as others read it."""
    written = {"files": dict(paths), "files_count": len(paths), "pack": metadata}
    return json.dumps(written, ensure_ascii=False, indent=2).encode()


def put_files(pack: str, found: Mapping[str, bytes]) -> None:
    """Store files of a pack by their paths, many at a time."""
    together(*[
        lambda path=path, data=data: files.put(place(pack, path), data, type_of(path), CACHING)
        for path, data in found.items()
    ])


def get_files(pack: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Those files of a pack that are there, by their paths."""
    wanted = list(dict.fromkeys(paths))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start:start + _AT_ONCE]
        data = together(*[lambda path=path: files.get(place(pack, path)) for path in some])
        found.update((path, each) for path, each in zip(some, data, strict=True) if each is not None)
    return found


def list_folder(pack: str) -> dict[str, int]:
    """Path and size of every file in a pack's folder, whether or not it is an emoji's."""
    return files.list_folder(place(pack))


def unknown_folders() -> list[str]:
    """Folders of the bucket that no pack has, sorted."""
    return sorted(set(files.list_folders(FOLDER)) - names(), key=str.encode)


# Archives.


def archive(pack: str, sha: str) -> str:
    """Where an archive with this checksum lies."""
    return f"{ARCHIVES}{pack}/{sha}.zip"


def has_archive(pack: str, sha: str) -> bool:
    """Whether it is there and will be for a while."""
    written = files.written_at(archive(pack, sha))
    return written is not None and written > time.time() - (ARCHIVE_DAYS - 1) * _DAY


def keep_archive(pack: EmojiPack, sha: str, data: bytes) -> None:
    """Store the archive of a pack as it was read, and remember its checksum if the pack is still the same."""
    safe = pack.name.isascii() and pack.name.isprintable() and not set(pack.name) & set('"\\')
    named = f'filename="{pack.name}.zip"' if safe else f"filename=\"pack.zip\"; filename*=UTF-8''{quote(pack.name)}.zip"
    files.put(archive(pack.name, sha), data, "application/zip", CACHING, f"attachment; {named}")
    before = pack.sha
    if remember(pack, sha) and before and before != sha:
        files.remove(archive(pack.name, before))


def remember(pack: EmojiPack, sha: str | None) -> bool:
    """The checksum of the archive of this revision; None: it has no archive, since files are missing."""
    of_sha = EmojiPack.sha.remove() if sha is None else EmojiPack.sha.set(sha)
    return update(EmojiPack.stub(PACKS, pack.name), [of_sha, EmojiPack.sha_revision.set(int(pack.revision))],
                  EmojiPack.kind.exists() & (EmojiPack.revision == int(pack.revision)))


def remove_archives(pack: str) -> None:
    files.remove_folder(f"{ARCHIVES}{pack}/")
