"""Archives of emoji packs: the zip that others download, and zips that come from elsewhere.

An archive is made when somebody first asks for it after a change, and is the same bytes whenever it is made of the
same pack. What comes from elsewhere is bounded in every way before it is believed.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ...store.emoji import packs
from ...store.emoji.packs import MANIFEST, Contents

MOST_BYTES = 64_000_000
"""Of an archive, and of all that is in it."""
MOST_ENTRIES = 10_000
MOST_METADATA = 100_000
"""Bytes of JSON."""
ADDED = ("can-download", "download-sha256")
"""What is told with the metadata of a pack and not stored."""
SECONDS_TO_MAKE = 12.0
"""For all the archives of one request."""
_ENTRY = b"PK\x01\x02"
_PIECE = 65_536
_TIME = (1980, 1, 1, 0, 0, 0)
_REGULAR = stat.S_IFREG | 0o644
# What zipfile raises, depending on where a zip is broken; RuntimeError where a password is needed.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError,
           NotImplementedError, RuntimeError, OverflowError)
log = logging.getLogger("kenoma.emoji")


class NotAnArchive(Exception):
    """No zip, a broken one, or one that is larger than what is taken."""


# Ours.


def checksum(contents: Contents, until: float | None = None) -> str | None:
    """SHA-256 of the pack's archive, in capitals; None: it is not shared, or lacks files, or has too many bytes.

    The archive is made if this is the first time that anybody asks. `until`: when there is no time left to make it.
    """
    pack = contents.pack
    if pack.metadata.get("share-files") is not True:
        return None
    if pack.sha_revision == pack.revision:
        return pack.sha
    if until is not None and time.monotonic() > until:
        return None
    return _make(contents)


def address(contents: Contents) -> str | None:
    """Where the archive lies in the bucket; None as for `checksum`."""
    sha = checksum(contents)
    if sha is not None and not packs.has_archive(contents.pack.name, sha):
        sha = _make(contents)
    return packs.archive(contents.pack.name, sha) if sha is not None else None


def _make(contents: Contents) -> str | None:
    pack, began = contents.pack, time.monotonic()
    data = _archive(contents)
    if data is None:
        packs.remember(pack, None)
        return None
    sha = hashlib.sha256(data).hexdigest().upper()
    packs.keep_archive(pack, sha, data)
    log.info("emoji archive made", extra={"bytes": len(data), "emoji": len(contents.files),
                                          "ms": round((time.monotonic() - began) * 1000)})
    return sha


def _archive(contents: Contents) -> bytes | None:
    """`pack.json` first, then the files by shortcode, each once. Stored, since pictures do not get smaller."""
    sizes = [row.size for row in contents.files.values()]
    if None in sizes or sum(sizes) > MOST_BYTES:
        return None
    found = packs.get_files(contents.pack.name, contents.paths.values())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(MANIFEST), packs.manifest(contents.pack.metadata, contents.paths))
        for path in dict.fromkeys(contents.paths.values()):
            if path not in found:
                return None
            archive.writestr(_entry(path), found[path])
    return out.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _TIME)
    entry.create_system = 3  # else it would depend on where it is made
    entry.external_attr = _REGULAR << 16
    return entry


# From elsewhere.


def stored(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of the metadata that somebody sent."""
    return {key: value for key, value in metadata.items() if key not in ADDED}


def is_small(metadata: Mapping[str, Any]) -> bool:
    """Whether a row has room for it."""
    return len(json.dumps(metadata, ensure_ascii=False).encode()) <= MOST_METADATA


def unpacked(data: bytes, wanted: Container[str] | None = None) -> dict[str, bytes]:
    """The regular files of a zip, or those of them that are wanted, by their names. Raises NotAnArchive."""
    with _opened(data) as archive:
        entries = [entry for entry in archive.infolist()
                   if _is_regular(entry) and (wanted is None or entry.filename in wanted)]
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise NotAnArchive
        found: dict[str, bytes] = {}
        left = MOST_BYTES
        for entry in entries:
            found[entry.filename] = content = _content(archive, entry, left)
            left -= len(content)
        return found


def names_in(data: bytes) -> set[str]:
    """The names in a zip, without unpacking it. Raises NotAnArchive."""
    with _opened(data) as archive:
        return set(archive.namelist())


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    if len(data) > MOST_BYTES or data.count(_ENTRY) > MOST_ENTRIES:
        raise NotAnArchive
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except _BROKEN as error:
        raise NotAnArchive from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """What an entry holds, whatever its head says of its size. NotAnArchive: more than `most`."""
    content = bytearray()
    with archive.open(entry) as file:
        while piece := file.read(_PIECE):
            content += piece
            if len(content) > most:
                raise NotAnArchive
    return bytes(content)


def _is_regular(entry: zipfile.ZipInfo) -> bool:
    """No folder, link or device, and packed in a way whose cost is known."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotAnArchive
    return not entry.is_dir() and stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG)
