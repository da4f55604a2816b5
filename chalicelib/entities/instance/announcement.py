"""Announcements, as everybody sees them and as administrators do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

from ...domain.emoji import custom
from ...domain.instance.announcements import Announcement as Record
from ...domain.instance.announcements import Seen
from ...ids import iso
from ..emoji.emoji import Emoji, render_used


class AnnouncementReaction(TypedDict):
    """Unicode has no picture."""

    name: str
    count: int
    me: bool
    url: NotRequired[str]
    static_url: NotRequired[str]


class AnnouncementPleroma(TypedDict):
    raw_content: str


class Announcement(TypedDict):
    """`content` is HTML, `text` what was typed. Only administrators see what is under `pleroma`."""

    id: str
    content: str
    text: str
    starts_at: str | None
    ends_at: str | None
    all_day: bool
    published_at: str
    updated_at: str
    read: bool
    mentions: list[Any]
    statuses: list[Any]
    tags: list[Any]
    emojis: list[Emoji]
    reactions: list[AnnouncementReaction]
    pleroma: NotRequired[AnnouncementPleroma]


def render_announcements(seen: Iterable[Seen]) -> list[Announcement]:
    return [_arrange(each) for each in seen]


def render_for_staff(announcement: Record) -> Announcement:
    return {**_arrange(Seen(announcement)), "pleroma": {"raw_content": announcement.doc["content"]}}


def _arrange(seen: Seen) -> Announcement:
    announcement, doc = seen.announcement, seen.announcement.doc
    return {
        "id": announcement.id, "content": doc["html"], "text": doc["content"],
        "starts_at": _time(doc.get("starts_at")), "ends_at": _time(doc.get("ends_at")), "all_day": doc["all_day"],
        "published_at": iso(doc["published_at"]), "updated_at": iso(doc["updated_at"]), "read": seen.read,
        "mentions": [], "statuses": [], "tags": [], "emojis": render_used(doc.get("emojis") or {}),
        "reactions": [_reaction(name, count, name in seen.mine) for name, count in announcement.reactions.items()],
    }


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else iso(seconds)


def _reaction(name: str, count: int, me: bool) -> AnnouncementReaction:
    shown: AnnouncementReaction = {"name": name, "count": count, "me": me}
    picture = custom.picture_of(name)
    return shown if picture is None else {**shown, "url": picture, "static_url": picture}
