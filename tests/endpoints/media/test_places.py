"""Where a picture or a film was taken: nothing that is served tells it, and everything else stays."""

from __future__ import annotations

import hashlib
import io
import random
import re
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from chalicelib.domain.media.location import NotUnderstood, without_place
from chalicelib.store import files
from tests import photographs as made
from tests import pictures
from tests.photographs import (
    COPYRIGHT,
    EXIF_ITEM,
    EXIF_SEGMENT,
    IPTC_SEGMENT,
    LOCI,
    MODEL,
    ORIENTATION,
    PACKED_ITEM,
    RIGHTS,
    TOLD,
    XMP_ITEM,
    XMP_SEGMENT,
    XYZ,
    box,
    film,
    full,
    heic,
    jpeg,
    keyed,
    png,
    tiff,
    webp,
    xmp,
)
from tests.quickness import grows_less_than


def with_exif(format: str) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[COPYRIGHT] = 6, RIGHTS.decode()
    place = {1: "N", 2: (52.0, 31.0, 12.0), 29: made.DATE.decode()}
    exif.get_ifd(made.GPS).update(place)
    exif[made.GPS] = place
    return pictures.encoded(pictures.gradient(), format, exif=exif)


USUAL = {
    "JPEG": with_exif("JPEG"), "PNG": with_exif("PNG"), "WebP": with_exif("WEBP"), "AVIF": with_exif("AVIF"),
    "TIFF": with_exif("TIFF"),
}
EXIF = {
    "big end first": jpeg(made.segment(b"Exif\0\0" + tiff(">"))),
    "directory far off": jpeg(made.segment(b"Exif\0\0" + tiff(first=90))),
    "told twice": jpeg(made.segment(b"Exif\0\0" + tiff(gps=2))),
    "two segments": jpeg(EXIF_SEGMENT, EXIF_SEGMENT),
    "second directory": jpeg(made.segment(b"Exif\0\0" + tiff(directories=2))),
    "twentieth directory": jpeg(made.segment(b"Exif\0\0" + tiff(directories=20))),
    "within the directory of EXIF": jpeg(made.segment(b"Exif\0\0" + tiff(beneath=made.EXIF))),
    "within a directory of pictures": jpeg(made.segment(b"Exif\0\0" + tiff(beneath=0x014A))),
    "garbage before the segment": jpeg(b"\0\0garbage", EXIF_SEGMENT),
    "segment longer than the file": jpeg()[:2] + b"\xff\xe1\xff\xffExif\0\0" + tiff(),
    "second photograph of a file": jpeg() + jpeg(EXIF_SEGMENT),
    "PNG": png((b"eXIf", tiff())),
    "PNG with a head like JPEG's": png((b"eXIf", b"Exif\0\0" + tiff(">"))),
    "PNG as ImageMagick writes it": png(made.profile(b"exif", b"Exif\0\0" + tiff())),
    "the same, not compressed": png(made.profile(b"APP1", b"Exif\0\0" + tiff(), packed=False)),
    "PNG that was cut off": png()[:33] + b"\0\0\xff\xffeXIf" + tiff(),
    "behind a PNG": png() + b"Exif\0\0" + tiff(),
    "chunk of nobody's": png((b"abCd", tiff())),
    "WebP": webp((b"EXIF", tiff())), "WebP with a head like JPEG's": webp((b"EXIF", b"Exif\0\0" + tiff(">"))),
    "WebP of odd sizes": webp((b"ABCD", b"x"), (b"EXIF", tiff() + b"x")),
    "WebP that says it is empty": webp((b"EXIF", tiff()), size=4),
    "WebP that says it is huge": webp((b"EXIF", tiff()), size=0xFFFFFFF0),
    "HEIC": heic(EXIF_ITEM), "HEIC, first edition": heic(EXIF_ITEM, version=0),
    "HEIC with all in its head": heic(EXIF_ITEM, inside=True), "HEIC in pieces": heic(EXIF_ITEM, pieces=9),
    "HEIC in pieces, in its head": heic(EXIF_ITEM, pieces=9, inside=True),
    "HEIC without its list": heic(EXIF_ITEM).replace(b"iinf", b"abcd").replace(b"iloc", b"abcd"),
    "AVIF": heic(EXIF_ITEM, brand=b"avif"),
    "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl \0\0\0\0jxl ") + box(b"Exif", bytes(4) + tiff()),
    "box of a film": film(box(b"uuid", b"JpgTiffExif->JP2" + tiff())),
    "TIFF": tiff(), "TIFF with big end first": tiff(">"),
}
XMP = {
    "JPEG": jpeg(XMP_SEGMENT), "attributes only": jpeg(made.segment(xmp(elements=b""))),
    "elements only": jpeg(made.segment(xmp(attributes=b""))),
    "other letters": jpeg(made.segment(xmp().replace(b"exif:GPS", b"q:gps").replace(b"City", b"CITY"))),
    "drone": jpeg(made.segment(xmp(b'drone-dji:GpsLatitude="52,31.2N" drone-dji:Longtitude="2024:01:02"', b""))),
    "blanks": jpeg(made.segment(xmp(b'exif:GPSLatitude\n = \n"52,31.2N"', b"<exif:GPSAltitude\n>52,31.2N"
                                    b"</exif:GPSAltitude\n>"))),
    "never closed": jpeg(made.segment(xmp(b"", b"<exif:GPSAltitude>52,31.2N<photoshop:City>Kreuzberg"))),
    "no quotation marks": jpeg(made.segment(xmp(b"exif:GPSAltitude=52,31.2N", b""))),
    "one quotation mark": jpeg(made.segment(xmp(b"", b'<exif:a exif:GPSAltitude="52,31.2N</exif:a>'))),
    "nested": jpeg(made.segment(xmp(b"", b"<a:Location><a:Location>52,31.2N</a:Location>Kreuzberg</a:Location>"))),
    "without a wrapper": jpeg(made.segment(xmp().partition(b'adobe:ns:meta/">')[2])),
    "extended": made.extended(xmp(more=b"x " * 200), 100), "extended, cut elsewhere": made.extended(xmp(), 333),
    "extended, cut anywhere": made.extended(xmp(), 17),
    "PNG": png(made.itxt(xmp())), "compressed PNG": png(made.itxt(xmp(), packed=True)),
    "PNG as ImageMagick writes it": png(made.profile(b"xmp", xmp())),
    "PNG, a text for each": png((b"tEXt", b"exif:GPSLatitude\x0052,31.2N"), (b"tEXt", b"Copyright\0" + RIGHTS)),
    "WebP": webp((b"XMP ", xmp())), "WebP with both": webp((b"EXIF", tiff()), (b"XMP ", xmp())), "GIF": made.gif(xmp()),
    "AVIF": heic(XMP_ITEM, brand=b"avif"), "HEIC": heic(EXIF_ITEM, XMP_ITEM),
    "HEIC in pieces": heic(XMP_ITEM, pieces=40), "HEIC with all in its head": heic(XMP_ITEM, inside=True),
    "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"xml ", xmp()),
    "film": film(box(b"udta", box(b"XMP_", xmp()))), "film's end": film() + box(b"uuid", made.UUID_OF_XMP, xmp()),
    "JPEG of editors": jpeg(IPTC_SEGMENT),
}
WIDE = {order: jpeg(made.segment(xmp().decode().encode(order))) for order in ("utf-16-le", "utf-16-be")}
FILMS = {
    "MP4": film(box(b"udta", MODEL, XYZ)), "index first": film(box(b"udta", MODEL, XYZ), behind=False),
    "3GP": film(box(b"udta", MODEL, LOCI), brand=b"3gp4"), "both": film(box(b"udta", LOCI, MODEL, XYZ)),
    "of a track": film(box(b"trak", box(b"udta", XYZ, MODEL))),
    "QuickTime": film(keyed(), brand=b"qt  "), "QuickTime, user data": film(box(b"udta", keyed()), brand=b"qt  "),
    "QuickTime, values first": film(keyed(first=False), brand=b"qt  "),
    "QuickTime of a track": film(box(b"trak", keyed()), keyed(), brand=b"qt  "),
    "QuickTime without a head": film(keyed(), brand=b"qt  ")[20:],
    "M4A": film(box(b"udta", full(b"meta", box(b"ilst", box(b"\xa9xyz", box(b"data", bytes(8) + made.PLACE)), MODEL)))),
    "freely named": film(box(b"udta", full(b"meta", box(b"ilst", MODEL, box(
        b"----", full(b"mean", b"com.x"), full(b"name", b"Location"), box(b"data", bytes(8) + b"Kreuzberg")))))),
    "large pictures": film(box(b"udta", MODEL, XYZ), mdat=struct.pack(">I4sQ", 1, b"mdat", 516) + b"P" * 500),
    "pictures to the end": film(box(b"udta", MODEL, XYZ), behind=False, mdat=box(b"mdat", b"P" * 500, size=0)),
    "pictures that promise more": film(box(b"udta", MODEL, XYZ), behind=False, mdat=box(b"mdat", b"P" * 50, size=9999)),
    "a box of size 3 before": film(box(b"abcd", size=3), box(b"udta", MODEL, XYZ)),
    "parent too small": film(box(b"udta", MODEL, XYZ, size=12)),
    "parent too large": film(box(b"udta", MODEL, XYZ, size=9999)),
    "ends before its text": film(box(b"udta", MODEL, XYZ))[:-3],
    "damaged size": film(box(b"udta", MODEL, b"\xff\xff\xff\xff" + XYZ[4:])),
    "photograph that moves": jpeg() + b"MotionPhoto_Data" + film(box(b"udta", MODEL, XYZ)),
    "HEIC that moves": heic(EXIF_ITEM) + box(b"mpvd", film(box(b"udta", XYZ))),
    "WebM": made.matroska(),
}
TRACKS = {"GoPro": made.tracked(), "Google": made.tracked(b"camm"), "Sony": made.tracked(b"rtmd"),
          "Apple": made.tracked(b"mebx", box(b"keyd", b"mdta", made.KEYS[1]))}


def keep(person, data: bytes, path: str = "/api/v1/media") -> bytes:
    """What is served of an upload."""
    reply = person.post(path, files={"file": ("a.bin", data, "application/octet-stream")})
    assert reply.status in (200, 202), reply.json
    return files.get(reply.json["url"].removeprefix("http://kenoma.test/"))


def told(data: bytes) -> list[bytes]:
    return [each for each in TOLD if each in data or each.hex().encode() in data]


def unpacked(data: bytes) -> bytes:
    """What the texts of a PNG say that are compressed."""
    texts = re.findall(rb"\0(x\x9c.*?)....(?:IDAT|zTXt|iTXt)", data, re.DOTALL)
    return b"".join(map(zlib.decompress, texts)) if data.startswith(b"\x89PNG") and b"tXt" in data.lower() else b""


ALL = {f"{name} of {kind}": data for kind, group in (("EXIF", EXIF), ("XMP", XMP), ("film", FILMS)) for name, data in
       group.items()}


@pytest.mark.parametrize("name", ALL)
def test_no_place_is_served_and_the_rights_stay(alice, name):
    sent = ALL[name]

    kept = keep(alice, sent)

    assert not told(kept + unpacked(kept))
    assert made.DEGREES not in kept
    assert (RIGHTS in kept) == (RIGHTS in sent)
    assert name.startswith(("PNG", "compressed PNG", "the same")) or len(kept) == len(sent)
    assert keep(alice, kept) == kept


@pytest.mark.parametrize("format", USUAL)
@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media", "/api/v1/upload"])
def test_pictures_of_cameras_are_the_same_otherwise(alice, format, path):
    sent = USUAL[format]

    kept = Image.open(io.BytesIO(keep(alice, sent, path)))

    exif = kept.getexif()
    assert (exif[ORIENTATION], exif[COPYRIGHT], dict(exif.get_ifd(made.GPS))) == (6, RIGHTS.decode(), {})
    assert kept.tobytes() == Image.open(io.BytesIO(sent)).tobytes(), "not a pixel has changed"


@pytest.mark.parametrize("name", ["JPEG", "WebP", "AVIF"])
def test_xmp_that_pillow_writes(alice, name):
    sent = pictures.encoded(pictures.gradient(), name.upper(), xmp=xmp())
    assert told(sent)

    kept = keep(alice, sent)

    assert not told(kept)
    assert RIGHTS in Image.open(io.BytesIO(kept)).info["xmp"]


def test_a_mascot_tells_no_place(alice):
    reply = alice.put("/api/v1/pleroma/mascot", files={"file": ("a.webp", USUAL["WebP"], "image/webp")})

    kept = files.get(reply.json["url"].removeprefix("http://kenoma.test/"))
    assert not told(kept)


@pytest.mark.parametrize("picture", ["avatar", "header", "pleroma_background_image"])
@pytest.mark.parametrize("data", [USUAL["JPEG"], USUAL["WebP"], USUAL["PNG"], XMP["PNG"], XMP["WebP"], XMP["GIF"]])
def test_pictures_of_profiles_tell_no_place(alice, picture, data):
    account = alice.patch("/api/v1/accounts/update_credentials", files={picture: ("a", data, "image/png")}).json

    url = account["pleroma"]["background_image"] if "background" in picture else account[picture]
    assert not told(files.get(url.removeprefix("http://kenoma.test/")))


def test_wide_letters(alice):
    for sent in WIDE.values():
        kept = keep(alice, sent)

        assert not [each for each in TOLD if bytes(each.decode().encode("utf-16-le")[:-1]) in kept]
        assert RIGHTS.decode().encode("utf-16-le")[:-1] in kept


def test_what_is_compressed_and_cannot_stay_is_blank(alice):
    kept = keep(alice, heic(EXIF_ITEM, PACKED_ITEM))

    assert PACKED_ITEM[2] not in kept
    assert not told(kept)


@pytest.mark.parametrize("name", TRACKS)
def test_tracks_of_places_go_and_pictures_stay(alice, name):
    sent = TRACKS[name]

    kept = keep(alice, sent)

    assert not told(kept)
    assert (kept.count(b"P"), kept.count(b"trak"), len(kept)) == (13, 1, len(sent))


def test_boxes_stay_where_they_are(alice):
    sent = FILMS["MP4"]

    kept = keep(alice, sent)

    at = sent.index(b"\xa9xyz")
    assert kept == sent[:at] + b"free" + bytes(len(XYZ) - 8) + sent[at + len(XYZ) - 4:]


def test_values_without_a_place_keep_their_numbers(alice):
    kept = keep(alice, FILMS["QuickTime"])

    assert struct.pack(">I", 1) + box(b"data", struct.pack(">II", 1, 0), RIGHTS) in kept
    assert b"com.apple.quicktime.copyright" in kept


def test_an_extension_has_the_right_checksum():
    kept = without_place(XMP["extended"], "image/jpeg")

    named = re.search(rb'HasExtendedXMP="(.{32})"', kept)[1]
    portions = re.findall(rb"xmp/extension/\0(.{32}).{4}(.{4})([ -~]*)", kept, re.DOTALL)
    whole = b"".join(text for _, _, text in sorted(portions, key=lambda each: each[1]))
    assert {guid for guid, _, _ in portions} == {named}
    assert hashlib.md5(whole).hexdigest().upper().encode() == named


@pytest.mark.parametrize("name", ["PNG of EXIF", "PNG as ImageMagick writes it of EXIF", "compressed PNG of XMP"])
def test_a_png_has_the_right_checksums(alice, name):
    Image.open(io.BytesIO(keep(alice, ALL[name]))).verify()


@pytest.mark.parametrize("data", [
    pictures.picture("JPEG"), pictures.picture("PNG"), pictures.picture("WEBP"), pictures.picture("AVIF"),
    pictures.picture("GIF"), film(box(b"udta", MODEL)), jpeg(made.segment(xmp(b"", b""))),
    png(made.itxt(xmp(b"", b""), packed=True)), png((b"tEXt", b"Comment\0GPSLatitude of a walk")),
    film(box(b"udta", MODEL, box(b"uuid", b"3F2504E0-1234-4123-9012-0305E82C3301"))),
    b"GPSLatitude=1 is written so: <exif:GPSLatitude>52,31.2N</exif:GPSLatitude> 22-rdf-syntax-ns#",
    b"PK\x03\x04" + EXIF_SEGMENT, b"\0binary" + b"location" * 9,
])
def test_what_tells_no_place_stays_byte_for_byte(alice, data):
    assert keep(alice, data) == data


def test_broken_files_break_nothing():
    dice = random.Random(3)
    for good in ALL.values():
        for _ in range(12):
            bad = bytearray(good)
            for _ in range(dice.randint(1, 6)):
                bad[dice.randrange(len(bad))] = dice.choice((0, 1, 8, 255, dice.randrange(256)))
            data = bytes(bad[:dice.randint(1, len(bad))])

            assert len(without_place(data, "application/octet-stream")) <= len(data) + 100


@pytest.mark.parametrize(("head", "piece"), [
    (b"\xff\xd8", EXIF_SEGMENT), (b"\xff\xd8", b"\xff\xe1\xff\xff"), (b"", b"II*\0\x08\0\0\0"), (b"", tiff()),
    (b"II*\0\x08\0\0\0\xff\xff", struct.pack("<HHII", made.GPS, 4, 1, 8)),
    (b"II*\0\x08\0\0\0\xff\xff", struct.pack("<HHII", 0x83BB, 1, 10**6, 8)),
    (b"II*\0\x08\0\0\0\xff\xff", struct.pack("<HHII", made.EXIF, 4, 60, 20)),
    (b"\x89PNG\r\n\x1a\n", b"\0" * 12),
    (b"\x89PNG\r\n\x1a\n", pictures.png_chunk(*made.itxt(xmp(), packed=True))),
    (b"\x89PNG\r\n\x1a\n", pictures.png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(10**6)))),
    (b"\xff\xd8", b"8BIM\x04\x04\0\0\0\xff\xff\xff\x1c\x02\x5a\0\0"), (b"", b"\x1c\x02\x5a\0\0"),
    (b"", b"22-rdf-syntax-ns#\0"), (b"22-rdf-syntax-ns# ", b"<exif:GPSLatitude>"), (b"22-rdf-syntax-ns# ", b"<City "),
    (b"22-rdf-syntax-ns# ", b"City="), (b"22-rdf-syntax-ns# ", b"City=\""), (b"22-rdf-syntax-ns# ", b"<City a=\"'"),
    (b"22-rdf-syntax-ns# ", b"a"), (b"22-rdf-syntax-ns# ", b"a:"), (b"22-rdf-syntax-ns# ", b"GPS"),
    (b"22-rdf-syntax-ns# ", b"GPS "),
    (b"", "22-rdf-syntax-ns#".encode("utf-16-le")), (b"22-rdf-syntax-ns# City", b" "),
    (b"22-rdf-syntax-ns# <a:City", b" "),
    (b"\xff\xd8", made.segment(b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + bytes(8) + b" City=1")),
    (b"\0\0\0\x08ftyp", XYZ), (b"\0\0\0\x08ftyp", b"\x00\xf0\0\0\xa9xyz"), (b"\0\0\0\x08ftyp", b"\0\0\0\x08mdat"),
    (b"\0\0\0\x08ftyp", keyed()), (b"\0\0\0\x08ftyp", b"\0\x0f\0\0keys\0\0\0\0\0\0\0\0"),
    (b"\0\0\0\x08ftyp", b"\0\x0f\0\0ilst"),
    (b"\0\0\0\x08ftyp", b"\0\x0f\0\0trak\0\x0f\0\0stsd" + bytes(12)
     + b"gpmd\0\x0f\0\0stco\0\x0f\0\0stsz\0\0\0\0\xff\xff\xff\xff"),
    (b"\0\0\0\x08ftyp", b"+11"), (b"\0\0\0\x08ftyp", b"+11.1"), (b"\0\0\0\x08ftyp+11.", b"1"),
    (b"\0\0\0\x08ftyp+", b"1"),
    (b"\0\0\0\x08ftyp", b"\0\0\0\x20infe\2\0\0\0\0\1\0\0Exif\0"), (b"\xff\xd8", b"\0\0\0\x20ftypisom"),
    (b"\xff\xd8", b"\0\0\0\x20ftyp\0"), (b"\x1aE\xdf\xa3", b"\x45\xa3\x88LOCATION"),
    (b"\x1aE\xdf\xa3", b"\x45\xa3\xffaaaa"),
])
def test_time_grows_no_faster_than_a_file_or_it_is_refused(head, piece):
    def look(data: bytes) -> None:
        with suppress(NotUnderstood):
            without_place(data, "application/octet-stream")

    short, long = (head + piece * (size // len(piece)) for size in (250_000, 1_000_000))
    assert grows_less_than(10, look, short, long, 0.05)


def test_a_file_of_too_many_pieces_is_refused(alice):
    reply = alice.post("/api/v1/media", files={"file": ("a.jpg", b"\xff\xd8" + EXIF_SEGMENT * 30_000, "image/jpeg")})

    assert (reply.status, reply.json) == (422, {"error": "file_not_understood"})
