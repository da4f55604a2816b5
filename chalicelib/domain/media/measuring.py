"""Measuring an uploaded picture: how large it is, and what it looks like from afar.

Clients keep room for a picture by its size, and fill it with the blurhash. What cannot be measured is shown without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import blurhash, pictures

SIDE = 32
"""So many pixels of a picture, on its longer side, make its blurhash."""
ORIENTATION = 0x0112
TURNED = range(5, 9)
"""Orientations of a picture that lies on its side."""


@dataclass(frozen=True)
class Measured:
    """`meta`: as clients get it. Both are empty for what is no picture that we can read."""

    meta: Mapping[str, Any] | None = None
    blurhash: str | None = None


def measure(data: bytes, mime: str) -> Measured:
    if mime not in pictures.TYPES.values():
        return Measured()
    try:
        return _measured(data)
    except Exception:  # noqa: BLE001 - decoders fail on strange bytes in too many ways to name
        return Measured()


def _measured(data: bytes) -> Measured:
    from PIL import ImageOps

    image = pictures.opened(data)
    width, height = image.size
    if image.getexif().get(ORIENTATION) in TURNED:
        width, height = height, width
    size = {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    image.thumbnail((SIDE, SIDE))
    small = ImageOps.exif_transpose(image)
    if small.mode != "RGB":
        clear = small.convert("RGBA")
        small = pictures.on_white(clear)
    return Measured({"original": size}, blurhash.encode(list(small.tobytes()), *small.size))
