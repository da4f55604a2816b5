"""What a page says to search engines and to those who preview links: its title, its meta elements and links.

Nothing of what is behind a content warning is told here: the warning stands for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import quote

from .. import entities
from ..domain.text.plain import cut, one_line
from ..settings import settings

INDEXED, HIDDEN = "index, follow", "noindex, noarchive"
TITLE, TEXT = 50, 200
ACTIVITY, ATOM, RSS, OEMBED = ("application/activity+json", "application/atom+xml", "application/rss+xml",
                               "application/json+oembed")
SOUND = ("480", "80")
"""Width and height of a player of sound."""
KINDS = {"image": ("picture", "pictures"), "video": ("video", "videos"), "gifv": ("video", "videos"),
         "audio": ("sound", "sounds")}
_MINE = re.compile(r'<a\s[^<>]*?\brel="[^"]*\bme\b[^"]*"[^<>]*>')
_ADDRESS = re.compile(r'\bhref="([^"]*)"')


@dataclass
class Head:
    """`metas`: triples of `name` or `property`, key and content. `links`: the attributes of each."""

    title: str
    metas: list[tuple[str, str, str]] = field(default_factory=list)
    links: list[Mapping[str, str]] = field(default_factory=list)

    def name(self, key: str, value: str) -> None:
        self.metas.append(("name", key, value))

    def property(self, key: str, value: Any) -> None:
        if value:
            self.metas.append(("property", key, str(value)))

    def describe(self, text: str) -> None:
        self.name("description", text)
        self.property("og:description", text)

    def alternate(self, kind: str, address: str, title: str = "") -> None:
        self.links.append({"rel": "alternate", "type": kind, "href": address} | ({"title": title} if title else {}))

    def picture(self, address: str, alt: str, size: Mapping[str, Any] | None = None) -> None:
        self.property("og:image", address)
        for side in ("width", "height"):
            self.property(f"og:image:{side}", (size or {}).get(side))
        self.property("og:image:alt", alt)

    def card(self, kind: str, title: str, text: str, image: str = "", alt: str = "") -> None:
        told = {"card": kind, "title": title, "description": text, "image": image, "image:alt": alt}
        for key, value in told.items():
            if value:
                self.name(f"twitter:{key}", value)


def plain(title: str, *, robots: str = INDEXED, description: str = "", path: str = "") -> Head:
    """The head of a page that is about nobody: the front page, tags, timelines."""
    head = Head(title)
    head.name("robots", robots)
    if description:
        head.describe(description)
        head.property("og:site_name", settings.instance_name)
        head.property("og:type", "website")
        head.property("og:title", settings.instance_name)
        head.property("og:url", settings.base_url + path)
        head.property("og:image", f"{settings.base_url}/instance/thumbnail.jpeg")
        head.card("summary", settings.instance_name, description)
        head.links.append({"rel": "canonical", "href": settings.base_url + path})
    return head


def profile(account: entities.Account, *, max_id: str | None = None, part: str = "") -> Head:
    called, address = _called(account), account["url"]
    head = Head(called)
    text = cut(one_line(account["note"]), TEXT) or f"@{_handle(account)} on {settings.instance_name}"
    _begin(head, "profile", text, called, address)
    alt = f"Avatar of {_name(account)}"
    head.picture(account["avatar"], alt)
    head.property("profile:username", _handle(account))
    head.card("summary", called, text, account["avatar"], alt)
    head.name("fediverse:creator", f"@{_handle(account)}")
    head.name("robots", INDEXED if account["discoverable"] else HIDDEN)
    head.links.append({"rel": "canonical",
                       "href": address + part + (f"?max_id={quote(max_id, safe='')}" if max_id else "")})
    head.alternate(ACTIVITY, account["uri"])
    _feeds(head, account)
    head.links += [{"rel": "me", "href": each} for each in _own_pages(account)]
    return head


def elsewhere(account: entities.Account) -> Head:
    """The head of a page of somebody of another server, or of what they wrote. It is for members, not for machines."""
    return plain(_called(account), robots=HIDDEN)


def status(shown: entities.Status) -> Head:
    author = shown["account"]
    name, called = _name(author), _called(author)
    text = _text(shown)
    head = Head(f"{name}: “{cut(text, TITLE)}”" if text else name)
    kinds = _kinds(shown["media_attachments"])
    said = f"{called}: “{cut(text, TEXT)}”" if text else kinds or called
    address = shown["url"] or shown["uri"]
    _begin(head, "article", said, f"{name}: “{cut(text, TEXT)}”" if text else name, address)
    kind, image, alt = _media(head, shown)
    head.property("og:locale", shown["language"])
    head.property("article:published_time", shown["created_at"])
    head.property("article:modified_time", shown["edited_at"])
    head.card(kind, called, said, image, alt)
    head.name("fediverse:creator", f"@{_handle(author)}")
    if kind == "player":
        _player(head, shown)
    is_listed = shown["visibility"] == "public" and author["discoverable"]
    head.name("robots", INDEXED if is_listed else HIDDEN)
    head.links.append({"rel": "canonical", "href": address})
    head.alternate(ACTIVITY, shown["uri"])
    _feeds(head, author)
    head.alternate(OEMBED, f"{settings.base_url}/api/oembed?url={quote(address, safe='')}")
    return head


def _begin(head: Head, kind: str, text: str, title: str, address: str) -> None:
    head.describe(text)
    head.property("og:site_name", settings.instance_name)
    head.property("og:type", kind)
    head.property("og:title", title)
    head.property("og:url", address)


def _feeds(head: Head, account: entities.Account) -> None:
    for kind, ending in ((ATOM, "atom"), (RSS, "rss")):
        head.alternate(kind, f"{account['url']}/feed.{ending}", _name(account))


def _text(shown: entities.Status) -> str:
    """What was written in one line, or the warning that stands before it."""
    warning = " ".join(shown["spoiler_text"].split())
    return f"CW: {warning}" if warning else one_line(shown["content"])


def _media(head: Head, shown: entities.Status) -> tuple[str, str, str]:
    """Tell of pictures, video and sound. Answers the kind of card, with its picture and what can be seen there."""
    author = shown["account"]
    avatar, alt = author["avatar"], f"Avatar of {_name(author)}"
    is_open = not shown["sensitive"] and not shown["spoiler_text"]
    media = shown["media_attachments"] if is_open else []
    pictures = [each for each in media if each["type"] == "image"]
    for each in pictures:
        head.picture(each["url"], each["description"] or "", _size(each))
    if pictures:
        return "summary_large_image", pictures[0]["url"], pictures[0]["description"] or ""
    played = next((each for each in media if each["type"] in ("video", "gifv", "audio")), None)
    if played is None:
        head.picture(avatar, alt)
        return "summary", avatar, alt
    preview = played["preview_url"] if played["preview_url"] != played["url"] else avatar
    head.picture(preview, alt if preview == avatar else played["description"] or "")
    kind = "audio" if played["type"] == "audio" else "video"
    head.property(f"og:{kind}", played["url"])
    head.property(f"og:{kind}:type", played["pleroma"]["mime_type"])
    if kind == "video":
        for side in ("width", "height"):
            head.property(f"og:video:{side}", _size(played).get(side))
    return "player", preview, alt if preview == avatar else played["description"] or ""


def _player(head: Head, shown: entities.Status) -> None:
    first = shown["media_attachments"][0]
    size = _size(first)
    width, height = SOUND if first["type"] == "audio" else (size.get("width", ""), size.get("height", ""))
    head.name("twitter:player", f"{settings.base_url}/notice/{shown['id']}/embed_player")
    for side, value in (("width", width), ("height", height)):
        if value:
            head.name(f"twitter:player:{side}", str(value))


def _size(attachment: Mapping[str, Any]) -> Mapping[str, Any]:
    return (attachment["meta"] or {}).get("original") or {}


def _kinds(media: Sequence[Mapping[str, Any]]) -> str:
    """`2 pictures, 1 sound`."""
    counts = Counter(KINDS.get(each["type"], ("file", "files")) for each in media)
    return ", ".join(f"{count} {one if count == 1 else many}" for (one, many), count in counts.items())


def _own_pages(account: entities.Account) -> Iterable[str]:
    """The addresses that bio and fields say are of the same person."""
    html = " ".join([account["note"], *(each["value"] for each in account["fields"])])
    found = (_ADDRESS.search(each) for each in _MINE.findall(html))
    return dict.fromkeys(unescape(each[1]) for each in found if each)


def _name(account: entities.Account) -> str:
    return " ".join(account["display_name"].split()) or account["username"]


def _handle(account: entities.Account) -> str:
    return account["fqn"]


def _called(account: entities.Account) -> str:
    return f"{_name(account)} (@{_handle(account)})"
