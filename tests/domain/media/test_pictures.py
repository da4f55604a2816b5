"""Pictures that people upload: which are taken, and what is left of them."""

import base64
import hashlib
import io
import resource
import struct
import time
import zlib
from typing import Any

import pytest
from PIL import Image, ImageChops

from chalicelib.domain.media import pictures
from chalicelib.domain.media.pictures import NotAnImage, from_data_uri, read
from chalicelib.domain.refusals import TooLarge
from tests.pictures import (
    PLACE,
    SCRIPT,
    decoded,
    encoded,
    frames_of,
    gradient,
    moving,
    photograph,
    picture,
    png,
    png_chunk,
    webp_of_size,
)

PLENTY = 10_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
every_format = pytest.mark.parametrize("format", FORMATS)


@pytest.fixture(autouse=True)
def aws():
    """Nothing here calls AWS."""


def differs(one, other):
    extrema: Any = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getextrema()
    return max(most for _, most in extrema)


def most_memory():
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


# What is accepted.


@pytest.mark.parametrize(("format", "type", "extension"), [
    ("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("GIF", "image/gif", "gif"),
    ("WEBP", "image/webp", "webp"),
])
def test_each_format_stays_what_it_is(format, type, extension):
    found = read(picture(format), PLENTY)

    assert (found.format, found.type) == (format, type)
    assert found.name == f"{hashlib.sha256(found.data).hexdigest()}.{extension}"
    assert decoded(found.data).size == (32, 24)
    assert differs(decoded(found.data), decoded(picture(format))) < 40


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_keeps_every_pixel(mode):
    drawn = gradient().convert("L").convert(mode) if mode == "I;16" else gradient(mode=mode)

    found = decoded(read(encoded(drawn, "PNG"), PLENTY).data)

    assert found.convert("RGBA").tobytes() == decoded(encoded(drawn, "PNG")).convert("RGBA").tobytes()


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_stays_so(format):
    drawn = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    drawn.paste((200, 0, 0, 255), (0, 0, 4, 8))

    alpha = decoded(read(encoded(drawn, format), PLENTY).data).convert("RGBA").getchannel("A")

    assert (alpha.getpixel((1, 1)), alpha.getpixel((6, 6))) == (255, 0)


def test_a_jpeg_for_printing_becomes_one_for_screens():
    found = decoded(read(encoded(gradient(mode="CMYK"), "JPEG"), PLENTY).data)

    assert (found.format, found.mode) == ("JPEG", "RGB")


def test_of_several_photographs_in_one_file_the_first_stays():
    several = io.BytesIO()
    gradient().save(several, "MPO", save_all=True, append_images=[Image.new("RGB", (32, 24), "red")])

    found = read(several.getvalue(), PLENTY)

    assert (found.format, decoded(found.data).format) == ("JPEG", "JPEG")
    assert differs(decoded(found.data), gradient()) < 60


def test_a_file_may_be_as_large_as_the_limit_and_no_larger():
    data = picture()

    assert read(data, len(data)).format == "PNG"
    with pytest.raises(TooLarge, match="File is too large"):
        read(data, len(data) - 1)


def test_the_size_is_looked_at_before_the_format():
    with pytest.raises(TooLarge):
        read(b"no picture at all", 5)


# Animations.


@pytest.mark.parametrize("format", ["GIF", "PNG"])
@pytest.mark.parametrize("ground", [(9, 9, 9, 255), (0, 0, 0, 0)])
def test_an_animation_stays_one_frame_by_frame(format, ground):
    more: dict[str, Any] = {"disposal": 2} if format == "GIF" else {"disposal": 1}
    data = moving(format, 5, ground=ground, **more)

    found = read(data, PLENTY).data

    assert frames_of(found) == frames_of(data)
    assert len(frames_of(found)) == 5
    assert decoded(found).info["loop"] == 0


def test_an_animated_webp_stays_one():
    data = moving("WEBP", 5)

    found = read(data, PLENTY).data

    assert [shown for shown, _ in frames_of(found)] == [shown for shown, _ in frames_of(data)]


def test_a_gif_whose_frames_have_palettes_of_their_own_keeps_its_colours():
    frames = [Image.new("RGB", (9, 9), colour).convert("P", palette=Image.Palette.ADAPTIVE)
              for colour in ("red", "lime", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)

    found = frames_of(read(data, PLENTY).data)

    assert [pixels[0] for _, pixels in found] == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


def test_an_animated_png_with_a_palette_keeps_its_frames():
    frames = [frame.convert("P") for frame in (gradient(), gradient().rotate(180), gradient().rotate(90))]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=50)

    assert frames_of(read(data, PLENTY).data) == frames_of(data)


def test_the_picture_for_those_who_know_no_animation_is_no_frame_of_it():
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("white", "red", "lime")]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=50, default_image=True)

    found = frames_of(read(data, PLENTY).data)

    assert [pixels[0] for _, pixels in found] == [(255, 0, 0), (0, 255, 0)]


def test_an_animation_forgets_its_comments():
    data = moving("GIF", comment=PLACE)
    assert PLACE in data

    assert PLACE not in read(data, PLENTY).data


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_an_animation_may_not_be_endless(monkeypatch, format):
    monkeypatch.setattr(pictures, "MOST_FRAMES", 4)

    assert len(frames_of(read(moving(format, 4), PLENTY).data)) == 4
    with pytest.raises(NotAnImage):
        read(moving(format, 5), PLENTY)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP"])
def test_all_frames_together_have_a_bound(monkeypatch, format):
    monkeypatch.setattr(pictures, "MOST_ANIMATED_PIXELS", {format: 20 * 20 * 4})

    assert read(moving(format, 4), PLENTY)
    with pytest.raises(NotAnImage):
        read(moving(format, 5), PLENTY)


def test_a_gif_of_very_many_frames_is_refused_soon():
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0" + b"\x02\x02\x44\x01\0"
    data = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff" + frame * 100_000 + b";"
    started = time.monotonic()

    with pytest.raises(NotAnImage):
        read(data, PLENTY)
    assert time.monotonic() - started < 5


# What a picture must not reveal.


@every_format
@pytest.mark.parametrize("secret", [PLACE])
def test_a_photograph_does_not_tell_where_it_was_taken(format, secret):
    data = picture("GIF", comment=secret) if format == "GIF" else photograph(format=format)
    assert secret in data

    found = read(data, PLENTY).data

    assert secret not in found
    assert b"Exif" not in found
    assert not decoded(found).getexif()


def test_texts_profiles_and_unknown_parts_of_a_png_are_left_out():
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Comment", PLACE.decode())
    told.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    told.add(b"prVt", PLACE)
    data = picture(pnginfo=told, icc_profile=PLACE * 10, dpi=(300, 300))

    found = read(data, PLENTY).data

    assert PLACE not in found
    assert [found[at + 4:at + 8] for at in chunks_of(found)] == [b"IHDR", b"IDAT", b"IEND"]


def chunks_of(data):
    at = 8
    while at < len(data):
        yield at
        at += 12 + int.from_bytes(data[at:at + 4])


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
def test_profiles_and_descriptions_of_photographs_are_left_out(format):
    data = picture(format, icc_profile=PLACE, xmp=PLACE)
    assert PLACE in data

    assert PLACE not in read(data, PLENTY).data


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_the_way_it_was_taken(format, orientation):
    from PIL import ImageOps

    data = photograph(orientation, format)
    upright = ImageOps.exif_transpose(decoded(data))

    found = decoded(read(data, PLENTY).data)

    assert found.size == upright.size == ((32, 24) if orientation < 5 else (24, 32))
    assert differs(found, upright) < 40


# What is not a picture.


@pytest.mark.parametrize("data", [
    b"", b"x", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"RIFF" + b"\0" * 40,
    b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 40, b"RIFF\0\0\0\0WEBPwhat" + b"\0" * 40, SCRIPT, b"\0" * 1000,
    bytes(range(256)) * 20,
    b"<svg><script>alert(1)</script></svg>",
    b"<?xml version='1.0'?><svg/>", b"%PDF-1.4", b"%!PS-Adobe-3.0 EPSF-3.0",
    b"GIF89a/*<svg/onload=alert(1)>*/=1;", b"\x00\x00\x00\x20ftypavif", b"PK\x03\x04", b"MZ", b"#!/bin/sh",
])
def test_other_bytes_are_no_picture(data):
    with pytest.raises(NotAnImage):
        read(data, PLENTY)


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "PDF", "EPS", "ICNS", "DDS", "JPEG2000"])
def test_pictures_of_other_formats_are_not_taken(format):
    data = encoded(gradient(32, 32), format)

    with pytest.raises(NotAnImage):
        read(data, PLENTY)


@every_format
@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.9])
def test_a_truncated_picture_is_refused(format, part):
    data = encoded(Image.effect_noise((200, 200), 90).convert("RGB"), format)

    with pytest.raises(NotAnImage):
        read(data[:int(len(data) * part)], PLENTY)


def test_an_animation_with_a_broken_frame_is_refused():
    noise = [Image.effect_noise((90, 90), 90) for _ in range(4)]
    data = encoded(noise[0], "GIF", save_all=True, append_images=noise[1:])

    with pytest.raises(NotAnImage):
        read(data[:int(len(data) * 0.6)], PLENTY)


def test_a_png_with_a_wrong_checksum_is_refused():
    data = bytearray(picture())
    data[-20] ^= 255

    with pytest.raises(NotAnImage):
        read(bytes(data), PLENTY)


@every_format
def test_broken_pictures_never_do_more_than_be_refused(format):
    """Each part of a file is damaged once. The file is refused, or what can be seen of it is taken."""
    data = moving(format, 3) if format != "JPEG" else picture("JPEG")
    for at in range(0, len(data), max(1, len(data) // 150)):
        broken = bytearray(data)
        broken[at] ^= 0xA5
        try:
            found = read(bytes(broken), PLENTY)
        except NotAnImage:
            continue
        assert decoded(found.data).format == found.format


# Pictures that somebody prepared as an attack.


@pytest.mark.parametrize("data", [
    png(50_000, 50_000), png(50_000, 1), png(1, 50_000), png(5_001, 5_000), png(2**31 - 1, 2**31 - 1), png(0, 5),
    webp_of_size(16_383, 16_383), webp_of_size(16_777_216, 16_777_216), webp_of_size(10_001, 1),
    b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\0\0" + b"\0" * 6
    + b"\x2c" + struct.pack("<HHHH", 0, 0, 65_535, 65_535) + b"\0\x02\x02\x44\x01\0;",
])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(data):
    before, started = most_memory(), time.monotonic()

    with pytest.raises(NotAnImage):
        read(data, PLENTY)

    assert time.monotonic() - started < 2
    assert most_memory() - before < 30_000_000


def test_a_frame_of_a_gif_may_not_be_larger_than_any_picture():
    small = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0" + b"\0" * 6
    frames = [b"\x2c" + struct.pack("<HHHH", 0, 0, side, side) + b"\0\x02\x02\x44\x01\0" for side in (1, 65_000)]

    with pytest.raises(NotAnImage):
        read(small + b"".join(frames) + b";", PLENTY)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused():
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(10_000_000)) for _ in range(100)) + rows.flush()
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 25_000, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + head + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")
    assert len(data) < 2_000_000

    with pytest.raises(NotAnImage):
        read(data, PLENTY)


def test_a_text_within_a_png_that_unpacks_to_gigabytes_is_refused():
    text = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9))

    with pytest.raises(NotAnImage):
        read(png(1, 1, rows=b"\0\0", more=text), PLENTY)


def test_more_rows_than_promised_are_not_unpacked():
    data = png(2, 2, rows=b"\0\1\2" * 10_000_000)
    before = most_memory()

    found = read(data, PLENTY)

    assert decoded(found.data).size == (2, 2)
    assert len(found.data) < 200
    assert most_memory() - before < 20_000_000


def test_a_jpeg_of_thousands_of_scans_is_refused():
    data = picture("JPEG", progressive=True)
    scan = data.rindex(b"\xff\xda")
    scans = data[scan:-2] * 200

    with pytest.raises(NotAnImage):
        read(data[:scan] + scans + b"\xff\xd9", PLENTY)
    assert read(data, PLENTY)


@every_format
def test_a_page_behind_a_picture_is_cut_off(format):
    data = picture(format) + SCRIPT

    found = read(data, PLENTY).data

    assert b"<script" not in found
    assert decoded(found).format == format


def test_a_picture_that_is_also_a_script_is_only_a_picture():
    """`GIF89a/*…*/=1` is also a valid program: the size of the picture opens a comment."""
    script = b"*/=1;alert(1)//"
    head = b"GIF89a" + b"/*" + struct.pack("<H", 2) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    comment = b"\x21\xfe" + bytes([len(script)]) + script + b"\0"
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 2, 1) + b"\0\x02\x02\x44\x01\0"
    data = head + comment + frame + b";"
    assert data.startswith(b"GIF89a/*")

    with pytest.raises(NotAnImage):  # 10,799 pixels wide, which nobody is
        read(data, PLENTY)


def test_a_page_within_the_comment_of_a_gif_is_left_out():
    data = picture("GIF", comment=SCRIPT)
    assert SCRIPT in data

    assert b"<script" not in read(data, PLENTY).data


def test_a_page_within_the_parts_of_a_jpeg_is_left_out():
    data = picture("JPEG", comment=SCRIPT, exif=b"Exif\0\0" + SCRIPT)
    assert SCRIPT in data

    assert b"<script" not in read(data, PLENTY).data


def test_a_zip_behind_a_picture_is_cut_off():
    import zipfile

    archive = io.BytesIO(picture())
    archive.seek(0, io.SEEK_END)
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("index.html", SCRIPT)
    assert zipfile.is_zipfile(io.BytesIO(archive.getvalue()))

    assert not zipfile.is_zipfile(io.BytesIO(read(archive.getvalue(), PLENTY).data))


# Data URIs.


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "PNG"])
def test_a_data_uri_holds_bytes(kind):
    assert from_data_uri(f"data:image/{kind};base64,{base64.b64encode(b'bytes').decode()}") == b"bytes"


@pytest.mark.parametrize("text", [
    "", "x", "data:", "data:image/png;base64", "data:image/png,AAAA", "data:text/html;base64,AAAA",
    "data:image/svg+xml;base64,AAAA", "data:image/webp;base64,AAAA", "http://example.com/a.png",
    "data:image/png;base64,AAA", "data:image/png;base64,AA AA", "data:image/png;base64,é", "data:image/png;base64,A===",
    "data:image/png;charset=x;base64,AAAA", " data:image/png;base64,AAAA", "data:image/png;base64,AAAA\n",
])
def test_other_texts_are_no_data_uri(text):
    with pytest.raises(NotAnImage):
        from_data_uri(text)
