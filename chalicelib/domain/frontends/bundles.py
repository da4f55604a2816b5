"""Bundles: built frontends as zips. Their files are checked one by one, and counted while they are unpacked.

What a zip says of its own sizes is not believed.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from ..broken_zips import BROKEN

MOST_FILES = 5_000
MOST_BYTES = 200_000_000
MOST_BYTES_OF_A_FILE = 50_000_000
LONGEST_PATH = 500
INDEX = "index.html"
_PIECE = 1 << 20
_ENCRYPTED = 0x1
_PASSED_OVER = ("__MACOSX/",)
"""What a Mac adds to every zip."""


class NotABundle(Exception):
    """The bytes are no zip with a frontend in it, or one that must not be unpacked."""


def hash_of(zip_file: io.BufferedIOBase) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    zip_file.seek(0)
    return hashlib.file_digest(zip_file, "sha256").hexdigest()


@contextmanager
def opened(zip_file: io.BufferedIOBase) -> Iterator[Bundle]:
    """A bundle whose names are sound. Raises NotABundle."""
    try:
        archive = zipfile.ZipFile(zip_file)
    except BROKEN as error:
        raise NotABundle from error
    with archive:
        yield Bundle(archive)


class Bundle:
    """The files of a frontend, by their path. The folder that all of them are in is taken off."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        entries = archive.infolist()
        if len(entries) > 2 * MOST_FILES:
            raise NotABundle
        for entry in entries:
            _demand_sound(entry)
        files = [entry for entry in entries if not entry.filename.endswith("/")
                 and not entry.filename.startswith(_PASSED_OVER)]
        top = _folder_of_all([entry.filename for entry in files])
        self._entries = {entry.filename.removeprefix(top): entry for entry in files}
        spelt = {entry.filename.casefold() for entry in files}
        if INDEX not in self._entries or len(files) > MOST_FILES or len(spelt) < len(files):
            raise NotABundle

    @property
    def paths(self) -> list[str]:
        """All paths, that of the index last."""
        return [*(path for path in self._entries if path != INDEX), INDEX]

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """Each path with its bytes, the index last. Raises NotABundle if there are too many, or broken ones."""
        left = MOST_BYTES
        for path in self.paths:
            try:
                data = self._read(self._entries[path], min(left, MOST_BYTES_OF_A_FILE))
            except BROKEN as error:
                raise NotABundle from error
            left -= len(data)
            yield path, data

    def _read(self, entry: zipfile.ZipInfo, most: int) -> bytes:
        whole = io.BytesIO()
        with self._archive.open(entry) as file:
            while piece := file.read(_PIECE):
                whole.write(piece)
                if whole.tell() > most:
                    raise NotABundle
        return whole.getvalue()


def _demand_sound(entry: zipfile.ZipInfo) -> None:
    """Raises NotABundle for a name that leads elsewhere, for links and devices, and for what is encrypted."""
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    is_odd = (
        not name.isprintable() or "\\" in name or ":" in parts[0] or len(name) > LONGEST_PATH
        or any(part in ("", ".", "..") for part in parts)
    )
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if is_odd or kind not in (0, stat.S_IFREG, stat.S_IFDIR) or entry.flag_bits & _ENCRYPTED:
        raise NotABundle


def _folder_of_all(files: list[str]) -> str:
    """The folder that holds everything, with its slash. Empty: the index is at the top, or there is no such folder."""
    tops = {name.partition("/")[0] for name in files}
    return f"{next(iter(tops))}/" if len(tops) == 1 and INDEX not in files else ""
