"""XMP: what cameras and editors note about a file, as RDF in XML. Here the place where it was taken is removed from it.

The attributes and elements of the place become blanks, so that the length stays. XMP is found by the names of its
namespaces, and ends with a zero byte or with the file. It may be damaged XML, which readers forgive: nothing here needs
it to be whole.
"""

from __future__ import annotations

import hashlib
import re

from .searching import Effort, find_all

MARKS = (b"22-rdf-syntax-ns#", b"adobe:ns:meta/", b"ns.adobe.com/exif/")
WIDE_MARKS = tuple(mark.decode().encode("utf-16-le") for mark in MARKS)
"""The same in UTF-16 of either order: the zero before the first byte, or behind the last one, does not matter."""
_NAMES = (rb"(?:GPS[^\s<>=\"'/]*+|lat(?:itude)?|lng|long|longt?itude|(?:absolute|relative)altitude|city|"
          rb"location(?:created|shown|name|id)?|shotlocation|sub-?location|state|province-?state|"
          rb"country(?:code|name)?|worldregion)(?=[\s=/>])")
_PREFIX = rb"(?:[^\s<>=\"'/:]++:)?+"
_ATTRIBUTE = re.compile(rb"(?<![^\s\"'])(?!xmlns:)" + _PREFIX + _NAMES
                        + rb"\s*+=\s*+(?:\"[^\"<]*+\"?|'[^'<]*+'?|[^\s<>\"']*+)", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)" + _PREFIX + rb"(" + _NAMES + rb")((?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*>?)", re.IGNORECASE)
_TAG_AND_TEXT = re.compile(_TAG.pattern + rb"[^<]*+", re.IGNORECASE)
_KEYWORD = re.compile(_PREFIX + _NAMES + b"=", re.IGNORECASE)

EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
GUID, GUID_AND_PLACE = 32, 40
"""Bytes before a portion: the checksum of the whole in hexadecimal digits; then its length, and the portion's place."""
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{32}")


def forget_places(file: bytearray, start: int, end: int, effort: Effort) -> bool:
    """Blank the place in all XMP between two addresses of a file. False: none names one."""
    found = False
    done = start
    for at, mark in find_all(file, MARKS + WIDE_MARKS, start, end):
        if at < done:
            continue
        effort.spend()
        is_wide = mark in WIDE_MARKS
        stop = file.find(b"\0\0\0" if is_wide else b"\0", at, end)
        done = stop if stop >= 0 else end
        found |= (_forget_wide if is_wide else _forget_between)(file, at, done)
    return found


def _forget_between(file: bytearray, start: int, end: int) -> bool:
    text = bytes(file[start:end])
    kept = without_place(text)
    file[start:end] = kept
    return kept != text


def _forget_wide(file: bytearray, start: int, end: int) -> bool:
    """The same in UTF-16, from the low byte of a character on."""
    end -= (end - start) % 2
    text = bytes(low if not high else 0x3F for low, high in zip(file[start:end:2], file[start + 1:end:2], strict=True))
    kept = without_place(text)
    for number, (before, after) in enumerate(zip(text, kept, strict=True)):
        if before != after:
            file[start + 2 * number:start + 2 * number + 2] = b" \0"
    return kept != text


def without_place(text: bytes) -> bytes:
    """The XMP with blanks where it tells a place. It is as long as before."""
    text = _ATTRIBUTE.sub(_blanks, text)
    kept = bytearray(text)
    opened: tuple[int, bytes] | None = None
    depth = 0
    for tag in _TAG.finditer(text):
        closes, name, alone = bool(tag[1]), tag[2].lower(), tag[3].rstrip(b">").endswith(b"/")
        if opened is None:
            if alone:
                _blank(kept, *tag.span())
            elif not closes:
                opened, depth = (tag.start(), name), 1
        elif name == opened[1] and not alone:
            depth += -1 if closes else 1
            if not depth:
                _blank(kept, opened[0], tag.end())
                opened = None
    if opened is not None:  # not closed: what stands behind each of these tags goes
        return _TAG_AND_TEXT.sub(_blanks, bytes(kept))
    return bytes(kept)


def is_place(keyword: bytes) -> bool:
    """Whether a name, with or without its namespace, is one of a place."""
    return _KEYWORD.fullmatch(keyword + b"=") is not None


def _blanks(found: re.Match[bytes]) -> bytes:
    return b" " * len(found[0])


def _blank(text: bytearray, start: int, end: int) -> None:
    text[start:end] = b" " * (end - start)


def forget_in_extensions(file: bytearray, effort: Effort) -> bool:
    """Blank the place in the extended XMP of a JPEG, which is cut into portions wherever it suits.

    The portions carry a checksum of the whole, and the XMP itself names it. Both get the new one.
    """
    portions: dict[bytes, list[tuple[int, int, int]]] = {}
    for at, _ in find_all(file, (EXTENSION,), 0, len(file)):
        effort.spend()
        guid = at + len(EXTENSION)
        place = int.from_bytes(file[guid + GUID + 4:guid + GUID_AND_PLACE])
        end = min(at - 2 + int.from_bytes(file[at - 2:at]), len(file)) if at >= 2 else 0
        if guid + GUID_AND_PLACE <= end and HEXADECIMAL.fullmatch(file[guid:guid + GUID]):
            portions.setdefault(bytes(file[guid:guid + GUID]), []).append((place, guid + GUID_AND_PLACE, end))
    changed = [_forget_in_portions(file, guid, sorted(found), effort) for guid, found in portions.items()]
    return any(changed)


def _forget_in_portions(file: bytearray, guid: bytes, portions: list[tuple[int, int, int]], effort: Effort) -> bool:
    text = b"".join(file[start:end] for _, start, end in portions)
    kept = without_place(text)
    if kept == text:
        return False
    effort.spend(size=len(file))
    for _, start, end in portions:
        file[start:end], kept = kept[:end - start], kept[end - start:]
    whole = b"".join(file[start:end] for _, start, end in portions)
    new = hashlib.md5(whole, usedforsecurity=False).hexdigest().upper().encode()
    for at, _ in list(find_all(file, (guid,), 0, len(file))):
        file[at:at + GUID] = new
    return True
