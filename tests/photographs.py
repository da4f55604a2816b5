"""Photographs and films that tell where they were taken, in every way that cameras and editors write it.

They are made by hand, so that they may be damaged too. Each contains `PLACE` or `DATE` wherever it tells the place, and
`RIGHTS` where it says whose it is.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from tests import pictures

PLACE = b"+52.5200+013.4050/"
DATE = b"2024:01:02"
"""Of the satellites' clock."""
TOLD = (PLACE, DATE, b"52,31.2N", b"Kreuzberg", b"GPSLatitude", b"location.ISO6709")
RIGHTS = b"(c) Ada"
DEGREES = struct.pack("<6I", 52, 1, 31, 1, 12, 1)
ORIENTATION, COPYRIGHT, EXIF, GPS, NEXT = 0x0112, 0x8298, 0x8769, 0x8825, -1


# EXIF.


def tiff(order: str = "<", gps: int = 1, beneath: int | None = None, directories: int = 1, first: int = 8) -> bytes:
    """A TIFF with orientation, copyright and place. `beneath`: the tag of a directory that holds the place instead."""
    return _Tiff(order, first).made(gps, beneath, directories)


class _Tiff:
    def __init__(self, order: str, first: int) -> None:
        self.order = order
        self.data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", first)).ljust(
            first, b"\0")

    def made(self, gps: int, beneath: int | None, directories: int) -> bytes:
        for number in range(directories):
            is_last = number == directories - 1
            entries: list[Any] = [(ORIENTATION, 3, 1, struct.pack(self.order + "HH", 6, 0)),
                             (COPYRIGHT, 2, len(RIGHTS) + 1, RIGHTS + b"\0")]
            places = [(GPS, 4, 1, self._gps)] * gps if is_last else []
            if beneath is not None:
                entries.append((beneath, 4, 1, partial(self._directory, places)))
            else:
                entries += places
            self._directory(entries, more=not is_last)
        return bytes(self.data)

    def _gps(self) -> int:
        degrees = struct.pack(self.order + "6I", 52, 1, 31, 1, 12, 1)
        return self._directory([(1, 2, 2, b"N\0\0\0"), (2, 5, 3, degrees), (29, 2, 11, DATE + b"\0")])

    def _directory(self, entries: Sequence[Any], more: bool = False) -> int:
        """A directory at the end of the data. Values follow it, and `more` says that another directory does."""
        start = len(self.data)
        size = 2 + 12 * len(entries) + 4
        self.data += bytes(size)
        struct.pack_into(self.order + "H", self.data, start, len(entries))
        for number, (tag, kind, count, value) in enumerate(entries):
            if callable(value):
                value = struct.pack(self.order + "I", value())
            elif len(value) > 4:
                self.data += value
                value = struct.pack(self.order + "I", len(self.data) - len(value))
            struct.pack_into(self.order + "HHI4s", self.data, start + 2 + 12 * number, tag, kind, count, value)
        if more:
            struct.pack_into(self.order + "I", self.data, start + size - 4, len(self.data))
        return start


# XMP and IPTC.

ATTRIBUTES = b'exif:GPSLatitude="52,31.2N" exif:GPSTimeStamp=\'2024:01:02\' photoshop:City="Kreuzberg"'
ELEMENTS = (b"<exif:GPSLatitude>52,31.2N</exif:GPSLatitude><x2:GPSDateStamp >2024:01:02</x2:GPSDateStamp>"
            b"<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li Iptc4xmpExt:Sublocation='Kreuzberg'/>"
            b"<rdf:li><Iptc4xmpExt:City>Kreuzberg</Iptc4xmpExt:City></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>")


def xmp(attributes: bytes = ATTRIBUTES, elements: bytes = ELEMENTS, more: bytes = b"") -> bytes:
    return (b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
            b'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:x2="http://ns.adobe.com/exif/1.0/" '
            b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
            b'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            b'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" ' + more + b" " + attributes + b'>' + elements
            + b"<dc:rights>" + RIGHTS + b"</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>")


def iptc() -> bytes:
    sets = b"".join(b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text
                    for number, text in ((116, RIGHTS), (90, b"Kreuzberg"), (92, b"Kreuzberg"), (5, b"A title")))
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(sets)) + sets + b"\0" * (len(sets) % 2)


# JPEG, PNG, WebP, GIF.


def segment(data: bytes, marker: int = 0xE1) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(*segments: bytes) -> bytes:
    plain = pictures.picture("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


EXIF_SEGMENT = segment(b"Exif\0\0" + tiff())
XMP_SEGMENT = segment(b"http://ns.adobe.com/xap/1.0/\0" + xmp())
IPTC_SEGMENT = segment(b"Photoshop 3.0\0" + iptc(), 0xED)


def extended(text: bytes, size: int) -> bytes:
    """A JPEG whose XMP continues in portions of some size, which stand in the wrong order."""
    guid = hashlib.md5(text).hexdigest().upper().encode()
    portions = [segment(b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">II", len(text), at)
                        + text[at:at + size]) for at in range(0, len(text), size)]
    main = xmp(b"", b"", b'xmpNote:HasExtendedXMP="' + guid + b'"')
    return jpeg(segment(b"http://ns.adobe.com/xap/1.0/\0" + main), *reversed(portions))


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    plain = pictures.picture("PNG")
    return plain[:33] + b"".join(pictures.png_chunk(*each) for each in chunks) + plain[33:]


def itxt(text: bytes, *, packed: bool = False) -> tuple[bytes, bytes]:
    return b"iTXt", b"XML:com.adobe.xmp\0" + (b"\1\0\0\0" + zlib.compress(text) if packed else b"\0\0\0\0" + text)


def profile(name: bytes, data: bytes, *, packed: bool = True) -> tuple[bytes, bytes]:
    """As ImageMagick keeps what a PNG has no chunk for."""
    text = b"\n" + name + b"\n%8d\n" % len(data) + b"\n".join(
        data.hex().encode()[at:at + 72] for at in range(0, 2 * len(data), 72)) + b"\n"
    head = b"Raw profile type " + name + b"\0"
    return (b"zTXt", head + b"\0" + zlib.compress(text)) if packed else (b"tEXt", head + text)


def webp(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    plain = pictures.picture("WEBP", exif=b"", lossless=True)
    flags = bytes([0x0C]) + bytes(3) + (31).to_bytes(3, "little") + (23).to_bytes(3, "little")
    body = _riff(b"VP8X", flags) + plain[12:] + b"".join(_riff(*each) for each in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WEBP" + body


def _riff(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def gif(text: bytes) -> bytes:
    plain = pictures.picture("GIF")
    trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    return plain[:-1] + b"\x21\xff\x0bXMP DataXMP" + text + trailer + b";"


# Boxes.


def box(kind: bytes, *content: bytes, size: int | None = None) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside) if size is None else size) + kind + inside


def full(kind: bytes, *content: bytes, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24), *content)


def text_box(kind: bytes, text: bytes) -> bytes:
    """A text as QuickTime has it: the length, a language, the text."""
    return box(kind, struct.pack(">HH", len(text), 0x15C7), text)


XYZ = text_box(b"\xa9xyz", PLACE)
MODEL = text_box(b"\xa9mod", RIGHTS)
LOCI = full(b"loci", struct.pack(">H", 0x15C7), b"Kreuzberg\0\0", struct.pack(">iii", 13 << 16, 52 << 16, 0),
            b"Earth\0Kreuzberg\0")
KEYS = (b"com.apple.quicktime.copyright", b"com.apple.quicktime.location.ISO6709",
        b"com.apple.quicktime.location.name")


def keyed(*, first: bool = True) -> bytes:
    """Metadata as iPhones write them: names, and values by the numbers of the names."""
    names = full(b"keys", struct.pack(">I", len(KEYS)), *(box(b"mdta", each) for each in KEYS))
    values = box(b"ilst", *(box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value))
                            for number, value in enumerate((RIGHTS, PLACE, b"Kreuzberg"), start=1)))
    handler = full(b"hdlr", bytes(4), b"mdta", bytes(13))
    return box(b"meta", handler, *([names, values] if first else [values, names]))


def film(*moov: bytes, brand: bytes = b"isom", behind: bool = True, mdat: bytes | None = None) -> bytes:
    """A film whose index `moov` stands behind or before its pictures."""
    head, body = box(b"ftyp", brand, bytes(4), brand), box(b"mdat", b"P" * 500) if mdat is None else mdat
    index = box(b"moov", full(b"mvhd", bytes(96)), *moov)
    return head + (body + index if behind else index + body)


def tracked(kind: bytes = b"gpmd", names: bytes = b"") -> bytes:
    """A film with a track that tells second by second where the camera was."""
    head = box(b"ftyp", b"mp42", bytes(4))
    samples = [PLACE, PLACE + DATE, DATE]
    start = len(head) + 8
    table = box(b"stbl", full(b"stsd", struct.pack(">I", 1), box(kind, bytes(8), names)),
                full(b"stsz", struct.pack(">II3I", 0, 3, *map(len, samples))),
                full(b"stsc", struct.pack(">I3I3I", 2, 1, 1, 1, 2, 2, 1)),
                full(b"stco", struct.pack(">III", 2, start, start + len(PLACE) + 5)))
    picture = full(b"stsd", struct.pack(">I", 1), box(b"avc1", bytes(8)))
    body = samples[0] + b"PPPPP" + samples[1] + samples[2] + b"PPPPPPPP"
    return head + box(b"mdat", body) + box(b"moov", box(b"trak", picture), box(b"trak", box(b"mdia", table)))


def heic(*items: tuple[bytes, bytes, bytes], brand: bytes = b"heic", version: int = 1, pieces: int = 1,
         inside: bool = False) -> bytes:
    """A HEIC of items: kind, type of media (with an encoding behind a zero byte), content, which may lie in pieces."""
    entries = [full(b"infe", struct.pack(">HH4s", number, 0, kind), b"\0", mime + b"\0" if mime else b"", version=2)
               for number, (kind, mime, _) in enumerate(items, start=1)]
    head = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    shapes = [_cut(content, pieces) for _, _, content in items]
    body = b"".join(b"PPP" + piece for shape in shapes for piece in shape)

    def meta(start: int) -> bytes:
        table, at = b"", start
        for number, shape in enumerate(shapes, start=1):
            table += struct.pack(">H", number) + (struct.pack(">H", int(inside)) if version else b"")
            table += struct.pack(">HH", 0, len(shape))
            for piece in shape:
                table += struct.pack(">II", at + 3, len(piece))
                at += 3 + len(piece)
        places = full(b"iloc", struct.pack(">HH", 0x4400, len(items)), table, version=version)
        listed = full(b"iinf", struct.pack(">H", len(items)), *entries)
        return full(b"meta", full(b"hdlr", bytes(4), b"pict", bytes(13)), listed, places,
                    box(b"idat", body) if inside else b"")

    if inside:
        return head + meta(0)
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", body)


def _cut(content: bytes, pieces: int) -> list[bytes]:
    size = -(-len(content) // pieces)
    return [content[at:at + size] for at in range(0, len(content), size)]


EXIF_ITEM = (b"Exif", b"", b"\0\0\0\x06Exif\0\0" + tiff(">"))
XMP_ITEM = (b"mime", b"application/rdf+xml\0", xmp())
PACKED_ITEM = (b"mime", b"application/rdf+xml\0deflate", zlib.compress(xmp()))
UUID_OF_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def matroska() -> bytes:
    """As programs write it that turn a film of a telephone into WebM."""
    def element(kind: bytes, data: bytes) -> bytes:
        return kind + bytes([0x80 | len(data)]) + data

    tags = [(b"COPYRIGHT", RIGHTS), (b"LOCATION", PLACE), (b"COM.APPLE.QUICKTIME.LOCATION.NAME", b"Kreuzberg")]
    simple = b"".join(element(b"\x67\xc8", element(b"\x45\xa3", name) + element(b"\x44\x87", text))
                      for name, text in tags)
    return b"\x1aE\xdf\xa3\x8b\x42\x82\x88matroska" + element(b"\x12\x54\xc3\x67", b"")[:-1] + b"\xff" + simple
