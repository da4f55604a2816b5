"""What a feed tells, whatever its format: of an account or a hashtag, and of each status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from ...domain.instance import features
from ...domain.quotes import links
from ...domain.text.emoji_pictures import with_pictures
from ...domain.text.plain import cut, one_line
from ...domain.timelines.syndication import Syndicated
from ...settings import settings
from ...store.statuses.statuses import Status as Record
from ..accounts.account import Account, arrange_account
from ..media.attachment import Attachment
from ..statuses.status import Status, render_statuses

TITLE, SUBTITLE = 100, 200
SHOWN_EMOJI = 'height="20"'
GENERATOR = f"Kenoma {features.ANNOUNCED.pleroma}"
LOGO = "/static/logo.svg"
NEVER = "1970-01-01T00:00:00.000Z"
"""When a feed of a hashtag changed that nobody has used."""


@dataclass(frozen=True)
class FeedAuthor:
    name: str
    handle: str
    page: str


@dataclass(frozen=True)
class FeedEntry:
    """A status. `warning`: empty if there is none. `answers`: the uri and the page of what it replies to."""

    uri: str
    page: str
    title: str
    warning: str
    html: str
    published: datetime
    updated: datetime
    author: FeedAuthor
    tags: Sequence[str]
    attachments: Sequence[Attachment]
    sensitive: bool
    answers: tuple[str, str] | None


@dataclass(frozen=True)
class SyndicatedFeed:
    """All of a feed. `address` is without the ending of its format. `author`: of all entries. None: of each its own.

    `listed`: whether search engines may show it. `continues`: the id from which older entries are asked for.
    """

    address: str
    page: str
    title: str
    subtitle: str
    logo: str
    updated: datetime
    has_moment: bool
    listed: bool
    continues: str | None
    author: FeedAuthor | None = None
    entries: Sequence[FeedEntry] = field(default_factory=list)


def render_feed(found: Syndicated) -> SyndicatedFeed:
    """The feed of an account or a hashtag. Reads nothing."""
    shown = render_statuses(found.timeline.statuses, None, found.timeline.around)
    entries = [_entry(record, status) for record, status in zip(found.timeline.statuses, shown, strict=True)]
    updated = max((entry.updated for entry in entries), default=None)
    if found.account is None:
        return _of_tag(found, entries, updated)
    account = arrange_account(found.account, None)
    author = _author(account)
    handle = f"@{author.handle}"
    bio = cut(one_line(account["note"]), SUBTITLE)
    return SyndicatedFeed(
        f"{account['url']}/feed", account["url"], f"{author.name} ({handle})",
        bio or f"{handle} on {settings.instance_name}", account["avatar"], updated or _moment(account["created_at"]),
        True, account["discoverable"], found.continues, author, entries)


def _of_tag(found: Syndicated, entries: Sequence[FeedEntry], updated: datetime | None) -> SyndicatedFeed:
    name = quote(found.tag, safe="")
    return SyndicatedFeed(
        f"{settings.base_url}/tags/{name}", f"{settings.base_url}/tag/{name}", f"#{found.tag}",
        f"Public posts tagged #{found.tag}", settings.base_url + LOGO, updated or _moment(NEVER), updated is not None,
        False, found.continues, None, entries)


def _entry(record: Record, status: Status) -> FeedEntry:
    author, warning = _author(status["account"]), one_line(escape(status["spoiler_text"], quote=False))
    published = _moment(status["created_at"])
    answers = status["akkoma"]["in_reply_to_apid"]
    return FeedEntry(
        status["uri"], status["url"] or status["uri"], _title(status, author), warning, _html(record, status, warning),
        published, _moment(status["edited_at"]) if status["edited_at"] else published, author,
        [each["name"] for each in status["tags"]], status["media_attachments"], status["sensitive"],
        (answers, _page_of(status, answers)) if answers else None)


def _page_of(status: Status, uri: str) -> str:
    """The page of what a status replies to, if that is of this server."""
    return f"{settings.base_url}/notice/{status['in_reply_to_id']}" if uri.startswith(settings.base_url) else uri


def _title(status: Status, author: FeedAuthor) -> str:
    text = one_line(escape(status["spoiler_text"], quote=False)) or one_line(status["content"])
    return cut(text, TITLE) if text else f"Post by {author.name}"


def _author(account: Account) -> FeedAuthor:
    return FeedAuthor(account["display_name"] or account["username"], account["fqn"], account["url"])


def _html(record: Record, status: Status, warning: str) -> str:
    """What was written, under its content warning, and the pictures unless they are sensitive."""
    pictures = {each["shortcode"]: each["url"] for each in status["emojis"]}
    parts = [with_pictures(links.content_of(record), pictures, SHOWN_EMOJI)]
    if warning:
        paragraph = ElementTree.Element("p")
        strong = ElementTree.SubElement(paragraph, "strong")
        strong.text, strong.tail = "Content warning:", f" {warning}"
        parts.insert(0, _as_html(paragraph))
    if not status["sensitive"]:
        parts += [_as_html(_picture(each)) for each in status["media_attachments"] if each["type"] == "image"]
    return "".join(parts)


def _picture(attachment: Attachment) -> ElementTree.Element:
    paragraph = ElementTree.Element("p")
    ElementTree.SubElement(paragraph, "img", _said_of(attachment))
    return paragraph


def _said_of(attachment: Attachment) -> dict[str, str]:
    said: dict[str, str] = {"src": attachment["url"], "alt": attachment["description"] or ""}
    size: Any = (attachment["meta"] or {}).get("original") or {}
    return said | {name: str(size[name]) for name in ("width", "height") if size.get(name)}


def _as_html(element: ElementTree.Element) -> str:
    return ElementTree.tostring(element, encoding="unicode")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
