"""Pictures for the tests: good ones, and ones prepared as an attack."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

PLACE = b"at 52.5200 N, 13.4050 E"
SCRIPT = b"<html><script>alert(1)</script></html>"


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def gradient(width: int = 32, height: int = 24, mode: str = "RGB") -> Image.Image:
    """A picture with a top, a bottom, a left and a right."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 40))).convert(mode)


def picture(format: str = "PNG", **options: Any) -> bytes:
    return encoded(gradient(), format, **options)


def moving(format: str, count: int = 3, size: tuple[int, int] = (20, 20), ground: Any = (9, 9, 9, 255),
           **options: Any) -> bytes:
    """A red square that moves to the right."""
    frames = []
    for number in range(count):
        frame = Image.new("RGBA", size, ground)
        frame.paste((255, 0, 0, 255), (number % size[0], 2, number % size[0] + 4, 6))
        frames.append(frame)
    options = {"duration": [40 * (1 + number % 3) for number in range(count)], "loop": 0, **options}
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)


def frames_of(data: bytes) -> list[tuple[Any, list[tuple[int, ...]]]]:
    """How long each frame is shown, and its pixels on a white background."""
    image = Image.open(io.BytesIO(data))
    found: list[Any] = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        shown = Image.new("RGBA", image.size, (255, 255, 255, 255))
        shown.alpha_composite(image.convert("RGBA"))
        found.append((image.info.get("duration"), list(shown.convert("RGB").get_flattened_data())))
    return found


def photograph(orientation: int = 1, format: str = "JPEG") -> bytes:
    """A picture that contains where it was taken, and which way is up."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[29] = PLACE.decode()
    more: dict[str, Any] = {"comment": PLACE} if format == "JPEG" else {}
    return encoded(gradient(), format, exif=exif, **more)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, rows: bytes = b"", more: bytes = b"") -> bytes:
    """A PNG made by hand, which may promise more than it holds."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + more + body + png_chunk(b"IEND", b"")


def webp_of_size(width: int, height: int) -> bytes:
    """The first bytes of a WebP that says it has so many pixels."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes([2, 0, 0, 0]) + canvas + bytes(64)
    return b"RIFF" + struct.pack("<I", len(body)) + body
