"""Chunks of a PNG: a length, four letters, the content and a checksum. Here the place is removed from them.

EXIF and XMP stand in them as they are, compressed, or as hexadecimal digits. Nothing in a PNG counts bytes from the
beginning, so a chunk may become shorter. The chunks of the picture itself are passed over.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

from . import xmp
from .searching import Effort

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = 8
PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"fcTL", b"fdAT", b"IEND"}
TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
MOST_UNPACKED = 4_000_000
"""Bytes of all compressed texts together. What goes beyond is dropped: a place takes little."""
A_CHUNK = 50
"""Steps. A chunk is looked through for everything, however small it is."""
_PROFILE = re.compile(rb"Raw profile type (?!icc)", re.IGNORECASE)
_PROFILE_TEXT = re.compile(rb"(\s*+\S++\s++)(\d++)\s++([0-9A-Fa-f\s]*+)")
_DIGITS_A_LINE = 72

Forget = Callable[[bytearray, Effort], bool]
"""Removes the place from any bytes, and says whether they named one."""


def forget_places(file: bytearray, forget: Forget, effort: Effort) -> bool:
    """Remove the place from all chunks, and from what lies behind the last. False: none names one."""
    pieces: list[bytes] = [bytes(file[:len(SIGNATURE)])]
    reader = _Contents(forget, effort)
    found = False
    at = len(SIGNATURE)
    for kind, start, end in _chunks(file, effort):
        at = end + 4
        if kind in PICTURE:
            pieces.append(bytes(file[start - HEAD:at]))
            continue
        effort.spend(A_CHUNK)
        content = bytes(file[start:end])
        kept = reader.read(kind, content)
        if kept == content:
            pieces.append(bytes(file[start - HEAD:at]))
            continue
        found = True
        if kept is not None:
            checksum = zlib.crc32(kind + kept).to_bytes(4)
            pieces.append(len(kept).to_bytes(4) + kind + kept + checksum[:max(0, len(file) - end)])
    rest = file[at:]
    found |= forget(rest, effort)
    if found:
        file[:] = b"".join(pieces) + rest
    return found


def _chunks(file: bytearray, effort: Effort) -> Iterator[tuple[bytes, int, int]]:
    """The letters of each chunk, and where its content begins and ends. One that was cut off ends with the file."""
    at = len(SIGNATURE)
    while at + HEAD <= len(file):
        effort.spend()
        kind, start = bytes(file[at + 4:at + HEAD]), at + HEAD
        end = min(start + int.from_bytes(file[at:at + 4]), len(file))
        yield kind, start, end
        if kind == b"IEND":
            return
        at = end + 4


class _Contents:
    """What the chunks of one file say."""

    def __init__(self, forget: Forget, effort: Effort) -> None:
        self.forget, self.effort, self.left = forget, effort, MOST_UNPACKED

    def read(self, kind: bytes, content: bytes) -> bytes | None:
        """The content of a chunk without the place. None: nothing of it may stay."""
        if kind not in TEXTS:
            return self._without_place(content)
        keyword, _, text = content.partition(b"\0")
        if xmp.is_place(keyword):
            return None
        head, packed = _head(kind, text)
        plain = self._unpacked(text[head:]) if packed else text[head:]
        if plain is None:
            return None
        kept = _with_profile(plain, self._without_place) if _PROFILE.match(keyword) else self._without_place(plain)
        if kept == plain:
            return content
        return keyword + b"\0" + text[:head] + (zlib.compress(kept) if packed else kept) if kept is not None else None

    def _without_place(self, data: bytes) -> bytes:
        changed = bytearray(data)
        return bytes(changed) if self.forget(changed, self.effort) else data

    def _unpacked(self, data: bytes) -> bytes | None:
        """What was compressed. None: it is damaged, or too much."""
        if self.left <= 0:
            return None
        unpacker = zlib.decompressobj()
        try:
            plain = unpacker.decompress(data, self.left)
        except zlib.error:
            return None
        self.left -= len(plain)
        return plain if not unpacker.unconsumed_tail else None


def _head(kind: bytes, text: bytes) -> tuple[int, bool]:
    """How many bytes stand between the keyword and the text, and whether the text is compressed."""
    if kind == b"tEXt":
        return 0, False
    if kind == b"zTXt":
        return 1, True
    language = text.find(b"\0", 2)
    translated = text.find(b"\0", language + 1) if language >= 0 else -1
    return (translated + 1 if translated >= 0 else 2), text[:1] == b"\1"


def _with_profile(text: bytes, without_place: Callable[[bytes], bytes]) -> bytes | None:
    """A profile as ImageMagick writes it: its name, its size, and its bytes as hexadecimal digits."""
    found = _PROFILE_TEXT.match(text)
    if found is None:
        return None
    try:
        data = bytes.fromhex(found[3].decode())
    except ValueError:
        return None
    kept = without_place(data)
    if kept == data:
        return text
    digits = kept.hex()
    lines = [digits[at:at + _DIGITS_A_LINE] for at in range(0, len(digits), _DIGITS_A_LINE)]
    return found[1] + found[2] + b"\n" + "\n".join(lines).encode() + b"\n"
