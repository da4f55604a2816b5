"""Tracks of a film that are no picture and no sound, but tell second by second where the camera was."""

from __future__ import annotations

from collections.abc import Iterator

from .searching import Effort

TELLS_PLACE = (b"gpmd", b"camm", b"rtmd")
"""Formats of a track's samples: GoPro's, Google's, Sony's."""
KEYED = b"mebx"
"""Apple's format, which names what is in it."""
LOCATION = b"location"


def blank_samples(file: bytearray, start: int, end: int, within: tuple[int, int], effort: Effort) -> bool:
    """Blank the samples of a track that tells the place, and make the track one that is skipped.

    `start` and `end` are the track's box, `within` is the film that its addresses count in.
    """
    effort.spend(size=end - start)
    formats = _content(file, b"stsd", start, end)
    if formats is None:
        return False
    kind = bytes(file[formats[0] + 12:formats[0] + 16])  # behind version, number of formats, and the size of the first
    if kind not in TELLS_PLACE and not (kind == KEYED and file.find(LOCATION, *formats) >= 0):
        return False
    for at, size in _chunks(file, start, end, effort):
        first, last = min(within[0] + at, within[1]), min(within[0] + at + size, within[1])
        effort.spend(size=last - first)
        file[first:last] = bytes(last - first)
    file[start + 4:start + 8] = b"free"
    file[start + 8:end] = bytes(end - start - 8)
    return True


def _content(file: bytearray, kind: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Where the content of a box of this kind begins and ends. None: there is none."""
    at = file.find(kind, start, end)
    if at < start + 4:
        return None
    size = int.from_bytes(file[at - 4:at])
    return (at + 4, min(at - 4 + size, end)) if size >= 8 else None


def _numbers(file: bytearray, kind: bytes, start: int, end: int, wide: int = 4, skip: int = 8) -> list[int]:
    """The table in a box of this kind: whole numbers behind version and count."""
    found = _content(file, kind, start, end)
    if found is None:
        return []
    first, last = found[0] + skip, found[1]
    return [int.from_bytes(file[at:at + wide]) for at in range(first, last - wide + 1, wide)]


def _chunks(file: bytearray, start: int, end: int, effort: Effort) -> Iterator[tuple[int, int]]:
    """Address and size of each chunk of samples."""
    effort.spend((end - start) // 4)  # the tables have at most so many numbers
    addresses = _numbers(file, b"stco", start, end) or _numbers(file, b"co64", start, end, wide=8)
    same, *sizes = _numbers(file, b"stsz", start, end, skip=4) or [0]
    runs = _numbers(file, b"stsc", start, end)  # first chunk, samples in each from then on, format
    in_chunk = dict(zip(runs[0::3], runs[1::3], strict=False))
    sample, count = 1, 1  # the first of the sizes is their number
    for number, address in enumerate(addresses, start=1):
        count = in_chunk.get(number, count)
        size = same * count if same else sum(sizes[sample:sample + count])
        sample += count
        yield address, size
