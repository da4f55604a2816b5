"""Attachments of a foreign object. They are linked and never fetched: only addresses of https are kept."""

from __future__ import annotations

import hashlib
import mimetypes
from typing import Any
from urllib.parse import urlsplit

from ...text import foreign
from . import values
from .values import Document

MOST = 16
LONGEST_DESCRIPTION = 1_500
LONGEST_BLURHASH = 200
KINDS = frozenset({"image", "video", "audio"})
BY_TYPE = {"Image": "image", "Video": "video", "Audio": "audio"}
Kept = dict[str, Any]


def read_attachments(document: Document) -> list[Kept]:
    """What a status keeps of its attachments, as `entities/media/attachment.py` shows them."""
    found = [kept for each in values.maps(document.get("attachment")) if (kept := _kept(each)) is not None]
    found = found or _of_film_or_sound(document)
    found = found or [kept for name in ("image", "icon") if (kept := _picture(document.get(name))) is not None][:1]
    return list({each["id"]: each for each in found}.values())[:MOST]


def read_card_link(document: Document) -> str | None:
    """The first link among the attachments that is no picture, film or sound: what a preview is made of."""
    links = [values.link_of(each) for each in values.maps(document.get("attachment")) if _is_plain_link(each)]
    return next((link for link in links if link is not None), None)


def _is_plain_link(attached: Document) -> bool:
    return ("Link" in values.as_list(attached.get("type"))
            and values.media_type(attached).partition("/")[0] not in KINDS)


def _kept(attached: Document) -> Kept | None:
    if _is_plain_link(attached) or "PropertyValue" in values.as_list(attached.get("type")):
        return None
    links = values.as_list(attached.get("url") or attached.get("href"))
    link = next((each for each in links if values.is_shown(values.link_of(each))), None)
    url = values.link_of(link)
    if url is None:
        return None
    mime = values.media_type(attached) or (values.media_type(link) if isinstance(link, dict) else "")
    kept: Kept = {"id": _id_of(url), "url": url, "mime": mime or _guessed(attached, url)}
    kept["description"] = foreign.plain(values.text(attached.get("summary")) or values.text(attached.get("name"))
                                        )[:LONGEST_DESCRIPTION]
    preview = values.picture_of(attached.get("icon"))
    blurhash = values.text(attached.get("blurhash"))
    more = {"preview": preview, "blurhash": blurhash if len(blurhash) <= LONGEST_BLURHASH else None,
            "meta": _meta(attached)}
    return kept | {name: value for name, value in more.items() if value}


def _meta(attached: Document) -> dict[str, Any]:
    """Width, height, and the point of a picture that must be seen."""
    meta: dict[str, Any] = {}
    width, height = (values.number(attached.get(name)) for name in ("width", "height"))
    if width and height:
        meta["original"] = {"width": width, "height": height, "size": f"{width}x{height}", "aspect": width / height}
    point = attached.get("focalPoint")
    if isinstance(point, list) and len(point) == 2 and all(_is_share(each) for each in point):
        meta["focus"] = {"x": point[0], "y": point[1]}
    return meta


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1 <= value <= 1


def _of_film_or_sound(document: Document) -> list[Kept]:
    """The file of a Video or Audio: one of the links in `url`, with the picture in `icon` before it plays."""
    links = list(values.maps(document.get("url")))
    for each in [*links]:
        links += values.maps(each.get("tag"))
    files = [each for each in links if values.media_type(each) == "video/mp4"]
    files += [each for each in links if values.media_type(each).startswith(("audio/", "video/"))]
    for each in files:
        kept = _kept({"url": values.link_of(each), "mediaType": values.media_type(each),
                      "name": document.get("name"), "icon": document.get("icon")})
        if kept is not None:
            return [kept]
    return []


def _picture(value: object) -> Kept | None:
    first = next(iter(values.as_list(value)), None)
    if isinstance(first, str):
        return _kept({"type": "Image", "url": first})
    return _kept({"type": "Image", **first}) if isinstance(first, dict) else None


def _guessed(attached: Document, url: str) -> str:
    """The type by what the attachment is, then by how the address ends. Nothing known: any file."""
    of_type = next((BY_TYPE[each] for each in values.as_list(attached.get("type"))
                    if isinstance(each, str) and each in BY_TYPE), None)
    guessed, _ = mimetypes.guess_type(urlsplit(url).path)
    if of_type is not None:
        return guessed if guessed is not None and guessed.startswith(of_type) else f"{of_type}/*"
    return guessed or "application/octet-stream"


def _id_of(url: str) -> str:
    """An id for clients, the same each time."""
    return str(int.from_bytes(hashlib.sha256(url.encode()).digest()[:8]) >> 11)
