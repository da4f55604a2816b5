"""Forgetting where a picture was taken, and nothing else."""

from __future__ import annotations

import io
import random
import struct
from contextlib import suppress

import pytest
from PIL import Image

from chalicelib.domain.media.location import NotUnderstood, without_place
from tests import pictures
from tests.quickness import takes_less_than

GPS = 0x8825
MIME = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}


def placed(format, **more):
    """A picture that contains a place, which way is up, and the camera."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "2024:01:02"})
    exif[GPS] = {1: "N", 2: (52.0, 31.0, 12.0), 29: "2024:01:02"}
    return pictures.encoded(pictures.gradient(), format, exif=exif, **more)


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


@pytest.mark.parametrize("format", MIME)
def test_the_place_goes_and_everything_else_stays(format):
    sent = placed(format)
    assert b"2024:01:02" in sent

    kept = without_place(sent, MIME[format])

    assert len(kept) == len(sent)
    assert b"2024:01:02" not in kept
    before, after = Image.open(io.BytesIO(sent)), Image.open(io.BytesIO(kept))
    assert list(after.get_flattened_data()) == list(before.get_flattened_data()), "not a pixel has changed"
    exif = Image.open(io.BytesIO(kept)).getexif()
    assert (GPS in exif, exif[0x0112], exif[0x010F]) == (False, 6, "Camera")
    assert without_place(kept, MIME[format]) == kept


def test_a_png_is_whole_afterwards():
    kept = without_place(placed("PNG"), "image/png")

    Image.open(io.BytesIO(kept)).verify()


def test_an_animation_stays_one():
    exif = Image.Exif()
    exif[GPS] = {1: "N", 29: "2024:01:02"}
    sent = pictures.moving("PNG", exif=exif)
    kept = without_place(sent, "image/png")

    assert pictures.frames_of(kept) == pictures.frames_of(sent)
    assert b"2024:01:02" not in kept


@pytest.mark.parametrize("data", [
    pictures.picture("JPEG"), pictures.picture("PNG"), b"", b"\xff\xd8", b"\xff\xd8\xff\xe1", b"II*\0", b"words",
    b"\xff\xd8\xff\xe1\xff\xffExif\0\0II*\0\x08\0\0\0\x25\x88", pictures.picture("JPEG") + b"\x88\x25\x25\x88",
])
def test_what_tells_no_place_stays_byte_for_byte(data):
    for mime in MIME.values():
        assert without_place(data, mime) == data


def test_broken_files_break_nothing():
    dice = random.Random(3)
    for format, mime in MIME.items():
        good = placed(format)
        for _ in range(100):
            bad = bytearray(good)
            for _ in range(dice.randint(1, 6)):
                bad[dice.randrange(min(len(bad), 300))] = dice.randrange(256)
            data = bytes(bad[:dice.randint(1, len(bad))])

            assert len(without_place(data, mime)) == len(data)


@pytest.mark.parametrize(("mime", "data"), [
    ("image/jpeg", b"\xff\xd8" + b"\xff\xe0\0\0" * 500_000 + b"\x88\x25"),
    ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(2_000_000) + b"\x88\x25"),
    ("image/tiff", b"II*\0\x08\0\0\0" + struct.pack("<HHIIH", 65535, GPS, 1, 8, 0) * 500_000),
    ("image/tiff", b"II*\0\x08\0\0\0" + struct.pack("<H", 1000) + struct.pack("<HHII", GPS, 4, 1, 8) * 1000),
])
def test_hostile_files_take_no_time(mime, data):
    def work():
        with suppress(NotUnderstood):
            without_place(data, mime)

    assert takes_less_than(0.5, work)
