"""EXIF: what a camera notes in a photograph. Here the place where it was taken is removed from it.

Only the tags of the place are blanked out. The picture is not decoded, and every other byte stays as it was sent.
EXIF is a small TIFF. It lies within pictures of all kinds and within some films; a TIFF file is one itself. It is found
by the four bytes that every TIFF begins with.
"""

from __future__ import annotations

from . import iptc
from .searching import Effort, find_all

GPS = 0x8825
WITHIN = (0x8769, 0xA005, 0x014A)
"""Tags that hold addresses of further directories."""
OF_IPTC = 0x83BB
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of a value, by the number of its type."""
LONGEST_VALUE = 65_536
"""A place is told in fewer bytes. One that claims more is damaged, and must not take the picture along."""
MOST_WITHIN = 64
HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""The last two begin a BigTIFF, whose addresses have eight bytes."""
SEGMENT = b"\xff\xe1"
SEGMENT_HEAD = 10
"""Bytes of a JPEG's segment before the TIFF: the marker, the length, and `Exif` with two zeros."""


def forget_places(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    """Remove the place from every TIFF between two addresses of a file. False: none names one."""
    found = False
    for at, _ in find_all(file, HEADS, start, end):
        effort.spend()
        found |= _Tiff(file, at, _end_of(file, at, end), effort).forget_place()
    return found


def _end_of(file: bytearray, at: int, end: int) -> int:
    """Where a TIFF ends at the latest: in a JPEG with its segment."""
    head = at - SEGMENT_HEAD
    if head >= 0 and file[head:head + 2] == SEGMENT:
        return min(end, head + 2 + int.from_bytes(file[head + 2:head + 4]))
    return end


class _Tiff:
    """A TIFF from `start` to `end` of a file, which is changed in place. Addresses count from its start."""

    def __init__(self, file: bytearray, start: int, end: int, effort: Effort) -> None:
        self.file, self.start, self.end, self.effort = file, start, end, effort
        self.order: str = "little" if file[start:start + 1] == b"I" else "big"
        self.is_big = b"+" in file[start + 2:start + 4]
        self.wide, self.entry, self.counter = (8, 20, 8) if self.is_big else (4, 12, 2)
        """Bytes of an address, of an entry, and of the number of entries."""
        self.seen: set[int] = set()

    def forget_place(self) -> bool:
        """Remove the place. False: the TIFF names none."""
        found = False
        waiting = [self._number(8 if self.is_big else 4, self.wide)]
        while waiting:
            directory = waiting.pop()
            if not directory or directory in self.seen:
                continue
            self.effort.spend()
            self.seen.add(directory)
            entries = self._entries(directory)
            waiting += self._further(directory, entries)
            found |= self._forget_in(directory, entries)
        return found

    def _entries(self, directory: int) -> list[int]:
        """The addresses of a directory's entries, as far as the TIFF goes."""
        first = directory + self.counter
        there = max(0, self.end - self.start - first) // self.entry
        count = min(self._number(directory, self.counter) or 0, there)
        self.effort.spend(count)
        return [first + number * self.entry for number in range(count)]

    def _further(self, directory: int, entries: list[int]) -> list[int | None]:
        """Where directories are that belong to this one: the next, and those within it."""
        found = [self._number(directory + self.counter + self.entry * (self._number(directory, self.counter) or 0),
                              self.wide)]
        for entry in entries:
            if self._number(entry, 2) in WITHIN:
                at, size = self._value(entry)
                each = min(SIZES.get(self._number(entry + 2, 2) or 0, self.wide), self.wide)
                size = min(size, each * MOST_WITHIN)
                self.effort.spend(size // each)
                found += [self._number(at + skip, each) for skip in range(0, size, each)]
        return found

    def _forget_in(self, directory: int, entries: list[int]) -> bool:
        """Remove what tells the place from one directory."""
        found = False
        places = []
        for entry in entries:
            tag = self._number(entry, 2)
            if tag == GPS:
                places.append(entry)
            elif tag == OF_IPTC:
                at, size = self._value(entry)
                found |= iptc.forget_places(self.file, self.start + at, min(self.start + at + size, self.end),
                                            self.effort)
        for entry in places:
            kind = self._number(entry + 2, 2) or 0
            self._empty(self._number(entry + 4 + self.wide, min(SIZES.get(kind, self.wide), self.wide)))
        if places:
            self._drop(directory, entries, set(places))
        return found or bool(places)

    def _number(self, at: int, length: int) -> int | None:
        """The number at an address. None: the address is outside the TIFF."""
        if self.start + at + length > self.end:
            return None
        raw = self.file[self.start + at:self.start + at + length]
        return int.from_bytes(raw, "little" if self.order == "little" else "big")

    def _value(self, entry: int) -> tuple[int, int]:
        """Address and size of an entry's value. A small one lies in the entry itself."""
        kind, count = self._number(entry + 2, 2) or 0, self._number(entry + 4, self.wide) or 0
        size, at = SIZES.get(kind, 1) * count, entry + 4 + self.wide
        return (at, size) if size <= self.wide else (self._number(at, self.wide) or 0, size)

    def _blank(self, at: int, length: int) -> None:
        first, last = min(self.start + at, self.end), min(self.start + at + length, self.end)
        self.effort.spend(size=last - first)
        self.file[first:last] = bytes(last - first)

    def _empty(self, directory: int | None) -> None:
        """Blank a directory with all its values."""
        if not directory or directory in self.seen:
            return
        self.seen.add(directory)
        entries = self._entries(directory)
        for entry in entries:
            at, size = self._value(entry)
            if at:
                self._blank(at, min(size, LONGEST_VALUE))
        self._blank(directory, self.counter + self.entry * len(entries))

    def _drop(self, directory: int, entries: list[int], places: set[int]) -> None:
        """Take entries out of a directory. Those behind them move up, with the address of the next directory."""
        at = self.start + directory + self.counter
        end = min(at + self.entry * len(entries) + self.wide, self.end)
        kept = b"".join(self.file[self.start + each:self.start + each + self.entry] for each in entries
                        if each not in places)
        kept += self.file[at + self.entry * len(entries):end]
        self.file[at:end] = kept.ljust(end - at, b"\0")
        count = max(0, (self._number(directory, self.counter) or 0) - len(places))
        self.file[at - self.counter:at] = count.to_bytes(self.counter, "little" if self.order == "little" else "big")
