"""The place where a picture or a film was taken. It is removed from what people upload, and everything else stays.

Nothing is decoded and nothing moves: what tells the place is overwritten where it stands, in EXIF, XMP, IPTC, and in
the boxes of films. Only in a PNG a chunk may become shorter. What counts is the bytes, not the kind that a file is said
to be: a photograph may hold a film, and a film may hold a photograph.
"""

from __future__ import annotations

import re

from . import boxes, exif, iptc, items, png_chunks, xmp
from .searching import Effort, NotUnderstood, find_all

__all__ = ["NotUnderstood", "without_place"]

LOOKED_INTO = ("image/", "video/", "audio/", "application/octet-stream", "application/pdf", "application/postscript")
"""Texts are what somebody wrote. Archives have checksums of what is in them."""
JPEG, EBML = b"\xff\xd8", b"\x1aE\xdf\xa3"
_FILM_BEGINS = re.compile(rb"\0\0[\0-\x02].ftyp[ -~]{4}", re.DOTALL)
TAG_NAME, TAG_TEXT = b"\x45\xa3", b"\x44\x87"
"""In Matroska and WebM."""
_TAGS = re.compile(rb"\x45\xa3[\x80-\xff]([ -~]{0,120}?(?:location|gps)[ -~]{0,120})", re.IGNORECASE)
LOOKED_FOR_TEXT = 64


def without_place(data: bytes, mime: str) -> bytes:
    """The file without the place where it was taken. A file that names no place stays as it is.

    Raises NotUnderstood for a file of so many pieces that only an attack has them.
    """
    if not mime.startswith(LOOKED_INTO):
        return data
    file = bytearray(data)
    effort = Effort()
    if file.startswith(png_chunks.SIGNATURE):
        return bytes(file) if png_chunks.forget_places(file, _forget, effort) else data
    return bytes(file) if _forget(file, effort) else data


def _forget(file: bytearray, effort: Effort) -> bool:
    """Remove the place from a file, or from a part of one. False: it names none."""
    size = len(file)
    found = False
    if file.startswith(JPEG):
        found |= xmp.forget_in_extensions(file, effort)
        film = _FILM_BEGINS.search(file)
        if film is not None:
            found |= boxes.forget_places(file, film.start(), size, effort)
    elif boxes.are_boxes(file):
        found |= items.forget_places(file, _forget, effort)
        found |= boxes.forget_places(file, 0, size, effort)
    elif file.startswith(EBML):
        found |= _forget_tags(file, effort)
    found |= exif.forget_places(file, 0, size, effort)
    found |= iptc.forget_in_resources(file, 0, size, effort)
    return found | xmp.forget_places(file, 0, size, effort)


def _forget_tags(file: bytearray, effort: Effort) -> bool:
    """Blank the tags of Matroska and WebM whose names tell a place."""
    found = False
    for at, _ in find_all(file, (TAG_NAME,), 0, len(file)):
        effort.spend()
        name = _TAGS.match(file, at)
        text = file.find(TAG_TEXT, at, at + LOOKED_FOR_TEXT + len(name[0])) if name else -1
        if text >= 0:
            size = file[text + 2]
            # The size of an element takes as many bytes as its first byte has leading zeros, and one.
            wide = 9 - size.bit_length()
            length = int.from_bytes(file[text + 2:text + 2 + wide]) & ((1 << 7 * wide) - 1)
            start, end = text + 2 + wide, min(text + 2 + wide + length, len(file))
            file[start:end] = b" " * (end - start)
            found = True
    return found
