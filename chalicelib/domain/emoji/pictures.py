"""Which files are pictures, by their bytes, and which names in a folder nobody meant as emoji.

A picture that tells where it was taken loses that. Every other byte stays as it came, and nothing is decoded.
"""

from __future__ import annotations

import re

from ..media.location import NotUnderstood, without_place

_HEADS = (b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"\0\0\1\0", b"\xff\x0a", b"\0\0\0\x0cJXL ")
"""PNG, GIF, JPEG, icons, JPEG XL."""
_AVIF = (b"ftypavif", b"ftypavis")
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--(?:[^-]|-[^-])*-->|<!DOCTYPE[^>\[]*>)*<svg[\s>]",
                  re.IGNORECASE)
_HEAD_OF_SVG = 4_096
_OF_ARCHIVERS = "__MACOSX"


def as_picture(data: bytes) -> bytes | None:
    """The picture as it is kept. None: the bytes are no picture."""
    if not is_picture(data):
        return None
    try:
        return without_place(data, "image/")
    except NotUnderstood:
        return None


def only_pictures(files: dict[str, bytes]) -> dict[str, bytes]:
    """Those of the files that are pictures, as they are kept."""
    return {path: kept for path, data in files.items() if (kept := as_picture(data)) is not None}


def is_picture(data: bytes) -> bool:
    """By the first bytes alone: whether it can be shown is not looked at."""
    return (data.startswith(_HEADS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:12] in _AVIF
            or (data[:2] == b"BM" and data[6:10] == bytes(4)) or _SVG.match(data[:_HEAD_OF_SVG]) is not None)


def is_meant(path: str) -> bool:
    """Whether somebody put this file there themselves: it is neither hidden nor left by an archiver."""
    return not any(segment.startswith(".") or segment == _OF_ARCHIVERS for segment in path.split("/"))
