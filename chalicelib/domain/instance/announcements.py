"""Announcements: what administrators tell everybody, for a while or for good.

People dismiss what they have read, and react with emoji. An id is made of digits: a client reads it as JSON.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...settings import settings
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.instance import announcements as store
from ...store.instance.announcements import Announcement as Announcement
from ...store.instance.announcements import AnnouncementMarks
from .. import events, text
from ..emoji import custom
from ..event_types.announcements import AnnouncementMade, AnnouncementReacted, AnnouncementRemoved
from ..refusals import BadRequest, NotFound, Unacceptable
from ..retrying import expect, retried
from ..viewer import Viewer

MOST = 100
LONGEST = 10_000
MOST_REACTIONS = 8
"""Different emoji on one announcement."""
BLANK = "content - can't be blank"
UNKNOWN = "Record not found"
NO_EMOJI = "Name is not a recognized emoji"
Times = Mapping[str, float | None]


@dataclass(frozen=True)
class AnnouncementChange:
    """What an announcement shall be. None: as it is. Times are in seconds."""

    content: str | None = None
    starts_at: float | None = None
    ends_at: float | None = None
    all_day: bool | None = None


@dataclass(frozen=True)
class Seen:
    """An announcement as the viewer sees it. `mine`: the emoji that they have put on it."""

    announcement: Announcement
    read: bool = False
    mine: frozenset[str] = frozenset()


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What a request for the list reads first."""
    return [store.marks_key(viewer_id)]


def list_for(viewer: Viewer, *, with_dismissed: bool) -> list[Seen]:
    """What is announced now, the oldest first. Without what the viewer has dismissed, unless they want to see it."""
    marks, every = together(lambda: store.find_marks(viewer.id), store.list_all)
    now = time.time()
    found = [_seen(each, marks) for each in every if is_shown(each.doc, now)]
    return [each for each in found if with_dismissed or not each.read]


def is_shown(doc: Times, now: float) -> bool:
    """Whether an announcement with these times is shown at this moment."""
    starts, ends = doc.get("starts_at"), doc.get("ends_at")
    return (starts is None or starts <= now) and (ends is None or now < ends)


def dismiss(id: str, viewer: Viewer) -> None:
    """Mark one as read. Raises NotFound."""
    store.dismiss(_shown(id), viewer.id)


def react(id: str, name: str, viewer: Viewer) -> None:
    """Put an emoji on one; a second time changes nothing. Raises NotFound, Unacceptable for what is no emoji."""
    announcement, emoji = _shown(id), _emoji(name)
    if emoji not in announcement.reactions and len(announcement.reactions) >= MOST_REACTIONS:
        raise Unacceptable(f"Only {MOST_REACTIONS} different reactions are possible")
    store.react(announcement, emoji, viewer.id)
    events.tell(AnnouncementReacted(id, emoji))


def take_back(id: str, name: str, viewer: Viewer) -> None:
    """Take an emoji away; a second time changes nothing. Raises NotFound, Unacceptable for what is no emoji."""
    emoji = _emoji(name)
    store.take_back(_shown(id), emoji, viewer.id)
    events.tell(AnnouncementReacted(id, emoji))


def _seen(announcement: Announcement, marks: AnnouncementMarks) -> Seen:
    start = f"{announcement.id}/"
    mine = frozenset(each.removeprefix(start) for each in marks.reacted or () if each.startswith(start))
    return Seen(announcement, announcement.id in (marks.dismissed or ()), mine)


def _shown(id: str) -> Announcement:
    found = get(id)
    if not is_shown(found.doc, time.time()):
        raise NotFound(UNKNOWN)
    return found


def _emoji(name: str) -> str:
    shortcode = name.strip(":")
    found = text.find_emoji(name) or (shortcode if custom.picture_of(shortcode) else None)
    if found is None:
        raise Unacceptable(NO_EMOJI)
    return found


# For administrators.


def list_for_staff(offset: int, limit: int) -> Sequence[Announcement]:
    """All of them, the newest first."""
    return store.list_all()[::-1][offset:offset + limit]


def get(id: str) -> Announcement:
    """Raises NotFound."""
    found = store.find(id)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def add(wanted: AnnouncementChange) -> Announcement:
    """Announce something. Raises BadRequest for a blank content, or if there are too many."""
    doc = _changed({"published_at": time.time()}, wanted)
    if len(store.list_all()) >= MOST:
        raise BadRequest(f"There are {MOST} announcements already")
    made = store.add(doc)
    events.tell(AnnouncementMade(made.id))
    return made


def change(id: str, wanted: AnnouncementChange) -> Announcement:
    """Change one. Raises NotFound, BadRequest for a blank content."""
    def attempt() -> None:
        before = get(id)
        expect(store.save(before, _changed(before.doc, wanted)))

    retried(attempt)
    events.tell(AnnouncementMade(id))
    return get(id)


def remove(id: str) -> None:
    """Take one back. Raises NotFound."""
    if not store.delete(get(id)):
        raise NotFound(UNKNOWN)
    events.tell(AnnouncementRemoved(id))


def _changed(before: Mapping[str, Any], wanted: AnnouncementChange) -> dict[str, Any]:
    sent = {name: value for name, value in vars(wanted).items() if value is not None}
    doc = {"all_day": False, **before, **sent, "updated_at": time.time()}
    content = doc.get("content") or ""
    if not content.strip():
        raise BadRequest(BLANK)
    if len(content) > LONGEST:
        raise BadRequest(f"content - should be at most {LONGEST} character(s)")
    doc["html"] = text.format_note(content, people={}, base_url=settings.base_url)
    doc["emojis"] = custom.find_in(content)
    return doc
