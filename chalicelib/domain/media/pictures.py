"""Pictures that people upload for their profiles: recognised by their bytes, and encoded again.

The name and type that a client sends are never looked at. A picture is decoded whole and encoded again in its own
format, so that only what is seen remains. The place where it was taken, comments, and anything hidden before, within
or behind the picture are lost. So a file that is both a picture and a web page leaves here as a picture alone.

The size is read from the head of the file. A picture that is too large is refused before it is decoded. An animation
stays an animation (GIF, PNG, WebP).
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
"""Pixels of all frames together. For a PNG all frames are in memory while it is written, four bytes a pixel."""
MOST_SCANS = 100
"""Of a JPEG. Each scan passes over the whole picture, and a hostile file may have thousands of empty ones."""

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
EXTENSIONS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_DATA_URI = re.compile(r"data:image/(?:jpeg|png|gif);base64,", re.IGNORECASE)
_WEBP_HEAD = 30


class NotAnImage(ValueError):
    """The bytes are no picture of a format we know, or one that we refuse to decode. Each caller has its own words."""


@dataclass(frozen=True)
class StoredPicture:
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


def read(data: bytes, limit: int) -> StoredPicture:
    """The picture in an upload of at most `limit` bytes. Raises TooLarge, NotAnImage."""
    if len(data) > limit:
        raise TooLarge("File is too large")
    _check_head(data)
    try:
        return _redrawn(data)
    except NotAnImage:
        raise
    except Exception as error:
        # Decoders fail on strange bytes in too many ways to name. Whatever they cannot read is no picture.
        raise NotAnImage(type(error).__name__) from error


def opened(data: bytes) -> Image:
    """A picture that may be decoded. Raises NotAnImage, and whatever decoders raise on strange bytes."""
    _check_head(data)
    return _opened(data)


def on_white(image: Image) -> Image:
    """A picture that may shine through, as it looks on white."""
    ground = _pillow().new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    whole: Image = ground.convert("RGB")
    return whole


def _check_head(data: bytes) -> None:
    if data[:2] == b"\xff\xd8" and data.count(b"\xff\xda") > MOST_SCANS:
        raise NotAnImage("too many scans")
    if data[:4] == b"RIFF":
        _check_size(*_webp_size(data))


def from_data_uri(text: str) -> bytes:
    """The bytes in a `data:image/…;base64,` address. Raises NotAnImage."""
    head = _DATA_URI.match(text)
    if head is None:
        raise NotAnImage("no data URI of an image")
    try:
        return base64.b64decode(text[head.end():], validate=True)
    except (binascii.Error, ValueError):
        raise NotAnImage("bad base64") from None


def _redrawn(data: bytes) -> StoredPicture:
    image = _opened(data)
    image.verify()  # checks the checksums of a PNG, and leaves the image unusable
    image = _opened(data)
    # MPO is a file of several photographs. Only the first is kept.
    format = "JPEG" if image.format == "MPO" else str(image.format)
    out = io.BytesIO()
    if format != "JPEG" and getattr(image, "n_frames", 1) > 1:
        _save_animation(data, format, out)
    else:
        _save_still(image, format, out)
    return StoredPicture(out.getvalue(), format)


def _opened(data: bytes) -> Image:
    image: Image = _pillow().open(io.BytesIO(data), formats=tuple(TYPES))
    _check_size(*image.size)
    return image


@cache
def _pillow() -> Any:
    # Imported here, since it takes 60 ms and few requests need it.
    from PIL import GifImagePlugin, Image

    # Pillow warns above this number and refuses above twice this number.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
    warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
    GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
    return Image


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        raise NotAnImage(f"{width} by {height} pixels")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP. They are read here because opening it makes room for the whole picture."""
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

    ImageOps.exif_transpose(image, in_place=True)  # a copy would take another hundred megabytes
    _bare(image)
    if format == "JPEG":
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
        image.save(out, "JPEG", quality=90)
    elif format == "WEBP":
        image.save(out, "WEBP", quality=90)
    else:
        image.save(out, format)


def _bare(image: Image) -> Image:
    """Keep of an image only its pixels and which of them are transparent. Pillow would save other things as well."""
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    return image


# An animation. All frames are decoded once before anything is written. One broken frame refuses the whole file.


def _save_animation(data: bytes, format: str, out: io.BytesIO) -> None:
    durations, see_through = _looked_through(_opened(data), MOST_ANIMATED_PIXELS[format])
    image: Any = _opened(data)  # opened again: a PNG loses its palette when it goes back to the first frame
    options: dict[str, Any] = {"save_all": True, "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    if format == "WEBP":
        image.save(out, "WEBP", icc_profile="", exif="", xmp="", quality=80, **options)
        return
    frames = _frames(image, see_through)
    if format == "GIF":
        # 1: a frame leaves the one before in place and changes what differs. 2: each frame is cleared before the next.
        next(frames).save(out, "GIF", append_images=frames, disposal=2 if see_through else 1, **options)
        return
    rest = list(frames)
    if image.info.get("default_image"):  # only for programs that cannot show an animation: no frame of it
        rest, options["duration"] = rest[1:], durations[1:]
    rest[0].save(out, "PNG", append_images=rest[1:], **options)


def _looked_through(image: Any, most_pixels: int) -> tuple[list[int], bool]:
    """Decode every frame. Answers how long each is shown, in milliseconds, and whether any is partly transparent."""
    if image.n_frames > MOST_FRAMES:
        raise NotAnImage(f"{image.n_frames} frames")
    durations: list[int] = []
    see_through = False
    pixels = 0
    for number in range(image.n_frames):
        image.seek(number)
        _check_size(*image.size)  # a frame of a GIF may be larger than the head of the file says
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
    """Each frame as a picture of its own."""
    for number in range(image.n_frames):
        image.seek(number)
        frame = _bare(image.copy())
        if not see_through:
            frame.info = {}
            frame = frame.convert("RGB") if frame.mode == "RGBA" else frame
        yield frame
