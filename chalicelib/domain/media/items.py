"""Items of a HEIC or AVIF: which bytes of the file are EXIF and XMP, where that cannot be seen from the bytes alone.

An item may lie in several pieces, and it may be compressed. A list (`iinf`) says what each item is, another (`iloc`)
where it is. Compressed XMP is blanked whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .boxes import Box, boxes_of
from .searching import Effort

IN_FILE, IN_META = 0, 1
"""What the addresses of an item count from: the file, or the content of the box `idat`."""
_XMP = b"application/rdf+xml"

Pieces = list[tuple[int, int]]
"""Where the pieces of an item begin and end in the file, in their order."""


class _Fields:
    """The fields of a box, read one after the other. Beyond the end there are zeros."""

    def __init__(self, file: bytearray, box: Box) -> None:
        self.file, self.at, self.end = file, box.content, box.end

    def number(self, size: int) -> int:
        self.at += size
        return int.from_bytes(self.file[self.at - size:self.at]) if self.at <= self.end else 0

    def text(self) -> bytes:
        stop = self.file.find(b"\0", self.at, self.end)
        stop = stop if stop >= 0 else self.end
        found, self.at = bytes(self.file[self.at:stop]), stop + 1
        return found


class _ItemKind(NamedTuple):
    """What an item is."""

    tells: bool
    is_compressed: bool


def forget_places(file: bytearray, forget: Callable[[bytearray, Effort], bool], effort: Effort) -> bool:
    """Remove the place from items that lie in pieces or are compressed. False: none of them names one."""
    found = False
    kinds = {number: kind for box in boxes_of(file, (b"infe",), 0, len(file), effort)
             for number, kind in [_kind(_Fields(file, box))] if kind.tells}
    if not kinds:
        return False
    inner = boxes_of(file, (b"idat",), 0, len(file), effort)
    for box in boxes_of(file, (b"iloc",), 0, len(file), effort):
        for number, pieces in _items(_Fields(file, box), inner[0].content if inner else 0, len(file), effort):
            if number not in kinds or (len(pieces) < 2 and not kinds[number].is_compressed):
                continue
            whole = bytearray().join(file[start:end] for start, end in pieces)
            effort.spend(size=len(whole))
            if kinds[number].is_compressed:
                whole[:] = bytes(len(whole))
            elif not forget(whole, effort):
                continue
            found = True
            for start, end in pieces:
                file[start:end], whole = whole[:end - start], whole[end - start:]
    return found


def _kind(entry: _Fields) -> tuple[int, _ItemKind]:
    version = entry.number(1)
    entry.number(3)
    number = entry.number(4 if version >= 3 else 2)
    entry.number(2)
    if version < 2:  # from before items had kinds: a name and a type of media
        entry.text()
        return number, _ItemKind(entry.text() == _XMP, bool(entry.text()))
    kind = entry.number(4).to_bytes(4)
    entry.text()
    if kind == b"mime":
        return number, _ItemKind(entry.text() == _XMP, bool(entry.text()))
    return number, _ItemKind(kind == b"Exif", False)


def _items(table: _Fields, inner: int, size: int, effort: Effort) -> Iterator[tuple[int, Pieces]]:
    """The number of each item, and its pieces."""
    version = table.number(1)
    table.number(3)
    sizes = table.number(2)
    of_offset, of_length, of_base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    of_index = sizes & 15 if version else 0
    for _ in range(table.number(4 if version >= 2 else 2)):
        if table.at >= table.end:
            return
        number = table.number(4 if version >= 2 else 2)
        method = table.number(2) & 15 if version else IN_FILE
        table.number(2)
        base = table.number(of_base) + (inner if method == IN_META else 0)
        pieces: Pieces = []
        for _ in range(table.number(2)):
            effort.spend()
            table.number(of_index)
            start = base + table.number(of_offset)
            length = table.number(of_length) or size
            pieces.append((min(start, size), min(start + length, size)))
        if method in (IN_FILE, IN_META):
            yield number, pieces
