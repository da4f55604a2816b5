"""Feeds as documents: Atom (RFC 4287) and RSS 2.0."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from ..media.attachment import Attachment
from .syndication import GENERATOR, FeedAuthor, FeedEntry, SyndicatedFeed

ATOM, RSS = "application/atom+xml", "application/rss+xml"
_OF_ATOM = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:thr": "http://purl.org/syndication/thread/1.0"}
_OF_RSS = {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom",
           "xmlns:dc": "http://purl.org/dc/elements/1.1/", "xmlns:media": "http://search.yahoo.com/mrss/"}
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MEDIUMS = ("image", "video", "audio")
UNKNOWN_LENGTH = "0"
"""RSS wants the length of an enclosure. What a status keeps of a file does not have it."""


def atom(feed: SyndicatedFeed) -> str:
    """The feed as Atom."""
    root = ElementTree.Element("feed", _OF_ATOM)
    _add(root, "id", f"{feed.address}.atom")
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _rfc_3339(feed.updated))
    _add(root, "logo", feed.logo)
    _add(root, "icon", feed.logo)
    _add(root, "generator", GENERATOR)
    if feed.author is not None:
        _add_author(root, feed.author)
    _add(root, "link", rel="self", type=ATOM, href=f"{feed.address}.atom")
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    if feed.continues is not None:
        _add(root, "link", rel="next", type=ATOM, href=f"{feed.address}.atom?max_id={feed.continues}")
    for entry in feed.entries:
        _add_entry(root, entry, with_author=feed.author is None)
    return _written(root)


def _add_entry(root: ElementTree.Element, entry: FeedEntry, *, with_author: bool) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.uri)
    _add(element, "title", entry.title)
    _add(element, "link", rel="alternate", type="text/html", href=entry.page)
    _add(element, "published", _rfc_3339(entry.published))
    _add(element, "updated", _rfc_3339(entry.updated))
    if with_author:
        _add_author(element, entry.author)
    if entry.warning:
        _add(element, "summary", entry.warning)
    if entry.answers is not None:
        uri, page = entry.answers
        _add(element, "thr:in-reply-to", ref=uri, href=page)
    _add(element, "content", entry.html, type="html")
    for tag in entry.tags:
        _add(element, "category", term=tag)
    for each in entry.attachments:
        title = {"title": each["description"]} if each["description"] else {}
        _add(element, "link", None, rel="enclosure", href=each["url"], type=_mime(each), **title)


def _add_author(element: ElementTree.Element, author: FeedAuthor) -> None:
    shown = _add(element, "author")
    _add(shown, "name", author.name)
    _add(shown, "uri", author.page)


def rss(feed: SyndicatedFeed) -> str:
    """The feed as RSS 2.0."""
    root = ElementTree.Element("rss", _OF_RSS)
    channel = _add(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.subtitle)
    _add(channel, "atom:link", rel="self", type=RSS, href=f"{feed.address}.rss")
    _add(channel, "lastBuildDate", _rfc_822(feed.updated))
    _add(channel, "generator", GENERATOR)
    image = _add(channel, "image")
    _add(image, "url", feed.logo)
    _add(image, "title", feed.title)
    _add(image, "link", feed.page)
    for entry in feed.entries:
        _add_item(channel, entry)
    return _written(root)


def _add_item(channel: ElementTree.Element, entry: FeedEntry) -> None:
    item = _add(channel, "item")
    _add(item, "guid", entry.uri, isPermaLink="false")
    _add(item, "title", entry.title)
    _add(item, "link", entry.page)
    _add(item, "pubDate", _rfc_822(entry.published))
    _add(item, "dc:creator", f"@{entry.author.handle}")
    _add(item, "description", entry.html)
    for tag in entry.tags:
        _add(item, "category", tag)
    for each in entry.attachments[:1]:
        _add(item, "enclosure", url=each["url"], length=UNKNOWN_LENGTH, type=_mime(each))
    for each in entry.attachments:
        medium = {"medium": each["type"]} if each["type"] in _MEDIUMS else {}
        content = _add(item, "media:content", None, url=each["url"], type=_mime(each), **medium)
        _add(content, "media:rating", "adult" if entry.sensitive else "nonadult", scheme="urn:simple")
        if each["description"]:
            _add(content, "media:description", each["description"], type="plain")


def _mime(attachment: Attachment) -> str:
    return attachment["pleroma"]["mime_type"]


def _add(parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    """An element below another, without the characters that XML forbids."""
    element = ElementTree.SubElement(parent, tag, _allowed(attributes))
    if text is not None:
        element.text = _FORBIDDEN.sub("", text)
    return element


def _allowed(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: _FORBIDDEN.sub("", value) for name, value in attributes.items()}


def _written(root: ElementTree.Element) -> str:
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document.decode()


def _rfc_3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc_822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
