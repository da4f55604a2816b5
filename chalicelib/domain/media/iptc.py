"""IPTC: what editors note in a photograph. Here the names of the place are removed from it.

It is a row of data sets: a mark, the numbers of a record and of a set, a length, a text. Photoshop wraps it into a
resource with a mark of its own, which JPEG, TIFF and PSD hold.
"""

from __future__ import annotations

from .searching import Effort, find_all

RESOURCE = b"8BIM\x04\x04"
MARK = 0x1C
SET_HEAD = 5
PLACES = {26, 27, 90, 92, 95, 100, 101}
"""Of record 2: location code and name, city, sublocation, state, code and name of the country."""


def forget_in_resources(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    """Remove the names of places from every resource of Photoshop that holds IPTC."""
    found = False
    for at, _ in find_all(file, (RESOURCE,), start, end):
        effort.spend()
        name = at + len(RESOURCE)
        if name < end:
            length = name + file[name] + 1 + (file[name] + 1) % 2  # the name of the resource has an even size
            size = int.from_bytes(file[length:length + 4])
            found |= forget_places(file, length + 4, min(length + 4 + size, end), effort)
    return found


def forget_places(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    """Blank the names of places in the data sets between two addresses. False: there are none."""
    found = False
    at = start
    while at + SET_HEAD <= end and file[at] == MARK:
        effort.spend()
        record, number = file[at + 1], file[at + 2]
        size = int.from_bytes(file[at + 3:at + SET_HEAD])
        last = min(at + SET_HEAD + size, end)
        if record == 2 and number in PLACES:
            file[at + SET_HEAD:last] = b" " * (last - at - SET_HEAD)
            found = True
        at += SET_HEAD + size
    return found
