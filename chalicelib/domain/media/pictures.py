"""Pictures that people upload: judged by their bytes, and drawn anew.

Name and type as sent are never looked at. What can be decoded whole is encoded again, in its own format and without
anything but what is seen: where a photograph was taken, comments, and whatever else was hidden behind, before or
within the picture stay out. So a file that is a picture to us and a page to a browser ends here as a picture.

Sizes are read from the head and refused before anything is decoded. An animation stays one (GIF, PNG, WebP).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ..refusals import TooLarge

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 25_000_000
LONGEST_SIDE = 10_000
MOST_FRAMES = 500
MOST_ANIMATED_PIXELS = {"GIF": 30_000_000, "WEBP": 30_000_000, "PNG": 10_000_000}
"""Of all frames together. Those of a PNG are all in memory when it is written, at four bytes a pixel."""
MOST_SCANS = 100
"""Of a JPEG: each passes over the whole picture, and a hostile file has thousands of empty ones."""

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
EXTENSIONS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_DATA_URI = re.compile(r"data:image/(?:jpeg|png|gif);base64,", re.IGNORECASE)
_WEBP_HEAD = 30


class NotAnImage(ValueError):
    """Bytes that are no picture of a format we know, or one that we will not decode. Each caller has its own words."""


@dataclass(frozen=True)
class Picture:
    """A picture as it will be stored."""

    data: bytes
    format: str

    @property
    def type(self) -> str:
        return TYPES[self.format]

    @cached_property
    def name(self) -> str:
        """The name of the file: equal pictures share it."""
        return f"{hashlib.sha256(self.data).hexdigest()}.{EXTENSIONS[self.format]}"


def read(data: bytes, limit: int) -> Picture:
    """The picture in an upload of at most `limit` bytes. Raises TooLarge, NotAnImage."""
    if len(data) > limit:
        raise TooLarge("File is too large")
    if data[:2] == b"\xff\xd8" and data.count(b"\xff\xda") > MOST_SCANS:
        raise NotAnImage("too many scans")
    if data[:4] == b"RIFF":
        _check_size(*_webp_size(data))
    try:
        return _redrawn(data)
    except NotAnImage:
        raise
    except Exception as error:
        # Decoders of bytes from anywhere fail in too many ways to name: whatever they stumble over is no picture.
        raise NotAnImage(type(error).__name__) from error


def from_data_uri(text: str) -> bytes:
    """The bytes in a `data:image/…;base64,` address. Raises NotAnImage."""
    head = _DATA_URI.match(text)
    if head is None:
        raise NotAnImage("no data URI of an image")
    try:
        return base64.b64decode(text[head.end():], validate=True)
    except (binascii.Error, ValueError):
        raise NotAnImage("bad base64") from None


def _redrawn(data: bytes) -> Picture:
    image = _opened(data)
    image.verify()  # the checksums of a PNG; leaves the image unusable
    image = _opened(data)
    format = "JPEG" if image.format == "MPO" else str(image.format)  # several photographs in one: the first
    out = io.BytesIO()
    if format != "JPEG" and getattr(image, "n_frames", 1) > 1:
        _save_animation(data, format, out)
    else:
        _save_still(image, format, out)
    return Picture(out.getvalue(), format)


def _opened(data: bytes) -> Image:
    image: Image = _pillow().open(io.BytesIO(data), formats=tuple(TYPES))
    _check_size(*image.size)
    return image


@cache
def _pillow() -> Any:
    # Imported here: 60 ms that few requests need.
    from PIL import GifImagePlugin, Image

    # Pillow warns of a picture that is larger, and refuses one that is twice as large.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
    warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
    GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
    return Image


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        raise NotAnImage(f"{width} by {height} pixels")


def _webp_size(data: bytes) -> tuple[int, int]:
    """The size of a WebP, whose decoder would make room for the whole picture when it is opened."""
    head = data[:_WEBP_HEAD]
    if len(head) < _WEBP_HEAD or head[8:12] != b"WEBP":
        raise NotAnImage("no WebP")
    kind = head[12:16]
    if kind == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    raise NotAnImage("no WebP")


# A single picture.


def _save_still(image: Image, format: str, out: io.BytesIO) -> None:
    from PIL import ImageOps

    ImageOps.exif_transpose(image, in_place=True)  # a copy would be another hundred megabytes
    _bare(image)
    if format == "JPEG":
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
        image.save(out, "JPEG", quality=90)
    elif format == "WEBP":
        image.save(out, "WEBP", quality=90)
    else:
        image.save(out, format)


def _bare(image: Image) -> Image:
    """Let an image forget everything but its pixels, and which of them are transparent: some of it would be saved."""
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    return image


# An animation. All of it is decoded once before anything is written, so that a broken frame refuses the whole.


def _save_animation(data: bytes, format: str, out: io.BytesIO) -> None:
    durations, see_through = _looked_through(_opened(data), MOST_ANIMATED_PIXELS[format])
    image: Any = _opened(data)  # anew: a PNG with a palette loses it when it is wound back
    options: dict[str, Any] = {"save_all": True, "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    if format == "WEBP":
        image.save(out, "WEBP", icc_profile="", exif="", xmp="", quality=80, **options)
        return
    frames = _frames(image, see_through)
    if format == "GIF":
        # Where nothing shines through, a frame only changes what differs; else each is cleared before the next.
        next(frames).save(out, "GIF", append_images=frames, disposal=2 if see_through else 1, **options)
        return
    rest = list(frames)
    if image.info.get("default_image"):  # what is shown by those who know no animation: no frame of it
        rest, options["duration"] = rest[1:], durations[1:]
    rest[0].save(out, "PNG", append_images=rest[1:], **options)


def _looked_through(image: Any, most_pixels: int) -> tuple[list[int], bool]:
    """Decode every frame. How long each is shown, in milliseconds, and whether any lets the ground shine through."""
    if image.n_frames > MOST_FRAMES:
        raise NotAnImage(f"{image.n_frames} frames")
    durations: list[int] = []
    see_through = False
    pixels = 0
    for number in range(image.n_frames):
        image.seek(number)
        _check_size(*image.size)  # a frame of a GIF may be larger than the GIF says it is
        pixels += image.width * image.height
        if pixels > most_pixels:
            raise NotAnImage("too many pixels in all frames")
        image.load()
        durations.append(image.info.get("duration", 0))
        see_through = see_through or _shines_through(image)
    return durations, see_through


def _shines_through(frame: Image) -> bool:
    if frame.mode == "P":
        transparent = frame.info.get("transparency")
        if isinstance(transparent, int):
            return frame.histogram()[transparent] > 0
        return transparent is not None
    if frame.mode in ("RGBA", "LA"):
        return frame.getchannel("A").getextrema()[0] < 255  # type: ignore[operator]
    return "transparency" in frame.info


def _frames(image: Any, see_through: bool) -> Iterator[Image]:
    """Each frame as it looks, by itself."""
    for number in range(image.n_frames):
        image.seek(number)
        frame = _bare(image.copy())
        if not see_through:
            frame.info = {}
            frame = frame.convert("RGB") if frame.mode == "RGBA" else frame
        yield frame
