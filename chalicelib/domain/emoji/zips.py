"""Archives of emoji packs: the zip that others download, and zips that come from elsewhere.

Our own archive is made when somebody first asks for it after a change. The same pack always gives the same bytes.
A zip from elsewhere is checked for size and number of files before it is unpacked.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import stat
import time
import zipfile
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ... import outside
from ...outside import Unreachable
from ...store.emoji import bucket, rows
from ...store.emoji.bucket import MANIFEST
from ...store.emoji.rows import Contents
from ..broken_zips import BROKEN

MOST_BYTES = 64_000_000
"""Of an archive, and of everything in it once it is unpacked."""
MOST_ENTRIES = 10_000
MOST_METADATA = 100_000
"""Bytes of JSON."""
ADDED = ("can-download", "download-sha256")
"""What we add to the metadata of a pack when we show them. It is not stored."""
SOURCE, SOURCE_SHA = "fallback-src", "fallback-src-sha256"
"""In the metadata of a pack: a zip elsewhere that holds its files, and the checksum of that zip."""
MOST_FETCHED, SECONDS_TO_FETCH = MOST_BYTES, 10.0
SECONDS_TO_MAKE = 12.0
"""For all archives that one request makes."""
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENTRY = b"PK\x01\x02"
_PIECE = 65_536
_TIME = (1980, 1, 1, 0, 0, 0)
_REGULAR = stat.S_IFREG | 0o644
log = logging.getLogger("kenoma.emoji")


class NotAnArchive(Exception):
    """The bytes are no zip, a broken zip, or a zip that is too large for us."""


def sha256(data: bytes) -> str:
    """The checksum of an archive as servers tell it to each other: in capitals."""
    return hashlib.sha256(data).hexdigest().upper()


# Ours.


def get_checksum(contents: Contents, until: float | None = None) -> str | None:
    """The checksum of a pack's archive. None: the pack is not shared, lacks files, or is too large.

    Makes the archive if nobody has asked for it since the last change, but not after the moment `until`.
    """
    pack = contents.pack
    if pack.metadata.get("share-files") is not True:
        return None
    if pack.sha_revision == pack.revision:
        return pack.sha
    if until is not None and time.monotonic() > until:
        return None
    return _make(contents)


def find_archive(contents: Contents) -> str | None:
    """Where a pack's archive lies in the bucket. None: the pack has no archive, as in `get_checksum`."""
    sha = get_checksum(contents)
    if sha is not None and not bucket.has_archive(contents.pack.name, sha):
        sha = _make(contents)
    return bucket.archive_path(contents.pack.name, sha) if sha is not None else None


def _make(contents: Contents) -> str | None:
    pack, began = contents.pack, time.monotonic()
    data = _archive(contents)
    if data is None:
        rows.remember_archive(pack, None)
        return None
    sha = sha256(data)
    bucket.keep_archive(pack, sha, data)
    log.info("emoji archive made", extra={"bytes": len(data), "emoji": len(contents.files),
                                          "ms": round((time.monotonic() - began) * 1000)})
    return sha


def _archive(contents: Contents) -> bytes | None:
    """A zip of `pack.json`, then the files by shortcode, each once. Not compressed: pictures would not get smaller."""
    sizes = [row.size for row in contents.files.values()]
    if None in sizes or sum(sizes) > MOST_BYTES:
        return None
    found = bucket.get_files(contents.pack.name, contents.paths.values())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(MANIFEST), bucket.manifest(contents.pack.metadata, contents.paths))
        for path in dict.fromkeys(contents.paths.values()):
            if path not in found:
                return None
            archive.writestr(_entry(path), found[path])
    return out.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _TIME)
    entry.create_system = 3  # else the bytes would depend on the machine
    entry.external_attr = _REGULAR << 16
    return entry


# From elsewhere.


def fetch(url: str, seconds: float = SECONDS_TO_FETCH) -> bytes:
    """The archive at an address. Raises Unreachable if there is none, or none comes in time."""
    found = outside.fetch(url, most_bytes=MOST_FETCHED, seconds=seconds, secure=True)
    if not 200 <= found.status < 300:
        raise Unreachable("refused")
    return found.body


def without_added(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata that somebody sent, without what we add when we show them."""
    return {key: value for key, value in metadata.items() if key not in ADDED}


def is_small(metadata: Mapping[str, Any]) -> bool:
    """Whether a row has room for the metadata."""
    return len(json.dumps(metadata, ensure_ascii=False).encode()) <= MOST_METADATA


def unpacked(data: bytes, wanted: Container[str] | None = None) -> dict[str, bytes]:
    """The regular files of a zip by name: all of them, or only the wanted ones. Raises NotAnArchive."""
    with _opened(data) as archive:
        entries = [entry for entry in archive.infolist()
                   if _is_regular(entry) and (wanted is None or _path(entry.filename) in wanted)]
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise NotAnArchive
        found: dict[str, bytes] = {}
        left = MOST_BYTES
        for entry in entries:
            found[_path(entry.filename)] = content = _content(archive, entry, left)
            left -= len(content)
        return found


def names_in(data: bytes) -> set[str]:
    """The names in a zip, without unpacking it. Raises NotAnArchive."""
    with _opened(data) as archive:
        return set(map(_path, archive.namelist()))


def is_zip(data: bytes) -> bool:
    """Whether the bytes are meant as a zip, broken or not."""
    return data.startswith(_BEGINNINGS) or zipfile.is_zipfile(io.BytesIO(data))


def _path(name: str) -> str:
    """A name in a zip as a path. Some programs of Windows write it with backslashes."""
    return name.replace("\\", "/")


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    if len(data) > MOST_BYTES or data.count(_ENTRY) > MOST_ENTRIES:
        raise NotAnArchive
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except BROKEN as error:
        raise NotAnArchive from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """What an entry holds, however large it claims to be. Raises NotAnArchive if that is more than `most` bytes."""
    content = bytearray()
    with archive.open(entry) as file:
        while piece := file.read(_PIECE):
            content += piece
            if len(content) > most:
                raise NotAnArchive
    return bytes(content)


def _is_regular(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file: no folder, link or device. Raises NotAnArchive for other ways of packing."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAnArchive
    return not _path(entry.filename).endswith("/") and stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG)
