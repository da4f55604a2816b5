"""EXIF: what a camera notes in a photograph. Here the place where it was taken is removed from it.

Only the tags of the place are blanked out. The picture is not decoded, and every other byte stays as it was sent.
EXIF is a small TIFF. It lies within a JPEG or a PNG; a TIFF file is one itself.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

GPS = 0x8825
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of a value, by the number of its type."""
IN_PLACE = 4
"""Bytes. An entry holds a value up to this size itself, and the address of a larger one."""
ENTRY = 12
MOST_DIRECTORIES, MOST_ENTRIES, MOST_PIECES = 8, 1_000, 10_000
"""Cameras write a handful of each, but somebody might send a million."""
EXIF = b"Exif\0\0"
PNG_HEAD = 8


def without_place(data: bytes, mime: str) -> bytes:
    """The file without the place where it was taken. A file that names no place stays as it is."""
    find = _FINDERS.get(mime)
    if find is None or not any(struct.pack(f"{order}H", GPS) in data for order in "<>"):
        return data
    file = bytearray(data)
    for start, end in find(data):
        if end <= len(data) and _Tiff(file, start, end).forget_place() and mime == "image/png" and end + 4 <= len(data):
            file[end:end + 4] = struct.pack(">I", zlib.crc32(file[start - 4:end]))
    return bytes(file)


def _in_jpeg(data: bytes) -> Iterator[tuple[int, int]]:
    """Where EXIF begins and ends in a JPEG. It can only stand before the picture itself."""
    at = 2
    for _ in range(MOST_PIECES):
        if at + 4 > len(data) or data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker in (0xD8, 0x01, 0xFF) or 0xD0 <= marker <= 0xD7:  # no length follows
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xD9, 0xDA):
            return
        end = at + 2 + int.from_bytes(data[at + 2:at + 4])
        if marker == 0xE1 and data[at + 4:at + 10] == EXIF:
            yield at + 10, end
        at = end


def _in_png(data: bytes) -> Iterator[tuple[int, int]]:
    """Where EXIF begins and ends in a PNG."""
    at = PNG_HEAD
    for _ in range(MOST_PIECES):
        if at + 8 > len(data):
            return
        end = at + 8 + int.from_bytes(data[at:at + 4])
        if data[at + 4:at + 8] == b"eXIf":
            yield at + 8, end
        at = end + 4


_FINDERS: dict[str, Callable[[bytes], Iterator[tuple[int, int]]]] = {
    "image/jpeg": _in_jpeg, "image/png": _in_png, "image/tiff": lambda data: iter([(0, len(data))]),
}


class _Tiff:
    """A TIFF from `start` to `end` of a file, which is changed in place."""

    def __init__(self, file: bytearray, start: int, end: int) -> None:
        self.file, self.start, self.end = file, start, end
        self.order = {b"II": "<", b"MM": ">"}.get(bytes(file[start:start + 2]), "")

    def forget_place(self) -> bool:
        """Remove the place. False: the TIFF names none."""
        if not self.order:
            return False
        found = False
        directory = self._number(4, 4)
        for _ in range(MOST_DIRECTORIES):
            count = self._number(directory, 2)
            if not directory or count is None or count > MOST_ENTRIES:
                break
            for entry in range(directory + 2, directory + 2 + ENTRY * count, ENTRY):
                if self._number(entry, 2) == GPS:
                    place = self._number(entry + 8, 4)
                    self._drop(directory, entry, count)
                    self._empty(place)
                    found = True
                    break
            directory = self._number(directory + 2 + ENTRY * (self._number(directory, 2) or 0), 4)
        return found

    def _number(self, at: int | None, length: int) -> int | None:
        """The number at an address. None: the address is outside the TIFF."""
        if at is None or self.start + at + length > self.end:
            return None
        raw = self.file[self.start + at:self.start + at + length]
        return int.from_bytes(raw, "little" if self.order == "<" else "big")

    def _blank(self, at: int, length: int) -> None:
        first, last = min(self.start + at, self.end), min(self.start + at + length, self.end)
        self.file[first:last] = bytes(last - first)

    def _empty(self, directory: int | None) -> None:
        """Blank a directory with all its values."""
        count = self._number(directory, 2)
        if directory is None or count is None or count > MOST_ENTRIES:
            return
        for entry in range(directory + 2, directory + 2 + ENTRY * count, ENTRY):
            kind, number, address = (self._number(entry + skip, size) for skip, size in ((2, 2), (4, 4), (8, 4)))
            if kind is None or number is None or address is None:
                break
            size = SIZES.get(kind, 1) * number
            if size > IN_PLACE:
                self._blank(address, size)
        self._blank(directory, 2 + ENTRY * count)

    def _drop(self, directory: int, entry: int, count: int) -> None:
        """Take an entry out of a directory that has `count` of them. Those behind it move up."""
        end = min(self.start + directory + 2 + ENTRY * count + 4, self.end)
        at = self.start + entry
        self.file[at:end] = bytes(self.file[at + ENTRY:end]).ljust(end - at, b"\0")
        self.file[self.start + directory:self.start + directory + 2] = struct.pack(f"{self.order}H", count - 1)
