"""Boxes: what MP4, QuickTime, HEIC and AVIF are built of. Here the place where they were taken is removed.

A box is its size, four letters, and its content, which may be further boxes. A box that tells the place becomes one of
the kind `free`, which all readers skip. So nothing moves, and the addresses in the file stay true. Boxes are found by
their letters wherever they stand, except in the pictures and sounds themselves (`mdat`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

from .samples import blank_samples
from .searching import Effort, find_all

FIRST = {b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid", b"jP  ", b"JXL "}
"""What a file of boxes begins with."""
PLACES = (b"\xa9xyz", b"@xyz", b"loci", b"gps ", b"GPS ", b"gps0", b"GPMF")
COMPRESSED = b"brob"
"""In JPEG XL. Its first four bytes say what is compressed."""
COMPRESSED_PLACES = (b"Exif", b"xml ")
HEAD = 8
A_STRETCH = 20
"""Steps. What lies between two of `mdat` is looked through for everything, however short it is."""
LONGEST_CUT = 65_536
"""Bytes that a box may claim beyond the end of a file that was cut off."""
LONGEST_NAME = 1_000
_TELLS_PLACE = re.compile(rb"location|gps|latitude|longitude", re.IGNORECASE)
_ISO_6709 = re.compile(rb"[+-]\d{2,6}(?:\.\d{1,20}[+-]\d{3,7}(?:\.\d{1,20})?(?:[+-]\d{1,9}(?:\.\d{1,20})?)?/?"
                       rb"|[+-]\d{3,7}(?:\.\d{1,20})?(?:[+-]\d{1,9}(?:\.\d{1,20})?)?/)")
"""Latitude, longitude, height: `+27.5916+086.5640+8850/`. Without a point there must be the stroke, since identifiers
have digits and hyphens too."""


class Box(NamedTuple):
    """A box, by the addresses of its first byte, of its content, and of its end."""

    start: int
    content: int
    end: int
    kind: bytes


def are_boxes(file: bytes | bytearray) -> bool:
    return bytes(file[4:8]) in FIRST


def forget_places(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    """Remove the place from the boxes between two addresses of a file. False: none names one."""
    found = False
    for first, last in _outside_of_pictures(file, start, end, effort):
        found |= _forget_named(file, first, last, effort)
        found |= _forget_keyed(file, first, last, effort)
        for box in boxes_of(file, (b"trak",), first, last, effort):
            found |= blank_samples(file, box.start, box.end, (start, end), effort)
        for written in list(_ISO_6709.finditer(file, first, last)):
            effort.spend()
            file[written.start():written.end()] = b" " * len(written[0])
            found = True
    return found


def _outside_of_pictures(file: bytearray, start: int, end: int, effort: Effort) -> Iterator[tuple[int, int]]:
    """The stretches between the boxes `mdat`. A chain of boxes that breaks leaves all behind it to be looked at."""
    at = start
    while at + HEAD <= end:
        effort.spend()
        size, kind = int.from_bytes(file[at:at + 4]), file[at + 4:at + HEAD]
        if size == 1:
            size = int.from_bytes(file[at + HEAD:at + 2 * HEAD])
        elif size == 0:
            size = end - at
        if size < HEAD:
            break
        if kind == b"mdat":
            effort.spend(A_STRETCH)
            yield start, at + HEAD
            start = min(at + size, end)
        at += size
    yield start, end


def boxes_of(file: bytearray, kinds: tuple[bytes, ...], start: int, end: int, effort: Effort) -> list[Box]:
    """The boxes of some kinds between two addresses, wherever they stand."""
    found = []
    for at, kind in find_all(file, kinds, start, end):
        effort.spend()
        size = int.from_bytes(file[max(at - 4, 0):at])
        last = at - 4 + size
        if at - 4 >= start and size >= HEAD and last <= (end if size > LONGEST_CUT else end + LONGEST_CUT):
            found.append(Box(at - 4, at + 4, min(last, end), kind))
    return found


def _free(file: bytearray, box: Box, effort: Effort) -> None:
    """Make a box one that is skipped, with nothing in it."""
    effort.spend(size=box.end - box.content)
    file[box.content - 4:box.content] = b"free"
    file[box.content:box.end] = bytes(box.end - box.content)


def _forget_named(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    """Free the boxes whose letters say that they hold a place."""
    found = False
    for box in boxes_of(file, (*PLACES, COMPRESSED), start, end, effort):
        if box.kind != COMPRESSED or file[box.content:box.content + 4] in COMPRESSED_PLACES:
            _free(file, box, effort)
            found = True
    return found


# A list of names (`keys`), and a list of values (`ilst`) that are called by the numbers of their names.


def _forget_keyed(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    lists = [(box.start, _forget_names(file, box, effort)) for box in boxes_of(file, (b"keys",), start, end, effort)]
    found = any(numbers for _, numbers in lists)
    for box in boxes_of(file, (b"ilst",), start, end, effort):
        before = bisect_left(lists, box.start, key=itemgetter(0))
        named: set[int] = lists[max(0, before - 1)][1] if lists else set()  # names stand before their values, mostly
        for value in _children(file, box, effort):
            if int.from_bytes(value.kind) in named or (value.kind == b"----" and _tells_place(file, value)):
                _free(file, value, effort)
                found = True
    return found


def _tells_place(file: bytearray, box: Box) -> bool:
    return _TELLS_PLACE.search(file, box.content, min(box.end, box.content + LONGEST_NAME)) is not None


def _forget_names(file: bytearray, keys: Box, effort: Effort) -> set[int]:
    """The numbers of the names that tell a place, counted from 1. The names themselves are blanked."""
    numbers = set()
    for number, name in enumerate(_children(file, keys._replace(content=keys.content + 8), effort), start=1):
        if _tells_place(file, name):
            file[name.content:name.end] = b" " * (name.end - name.content)
            numbers.add(number)
    return numbers


def _children(file: bytearray, box: Box, effort: Effort) -> Iterator[Box]:
    at = box.content
    while at + HEAD <= box.end:
        effort.spend()
        size = int.from_bytes(file[at:at + 4])
        if size < HEAD:
            return
        end = min(at + size, box.end)
        effort.spend(size=end - at)
        yield Box(at, at + HEAD, end, bytes(file[at + 4:at + HEAD]))
        at += size
