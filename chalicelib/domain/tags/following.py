"""Following hashtags: what one follows comes home, as far as it is public."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...ids import new_flake
from ...store.tags import follows, home, uses
from .. import events
from ..event_types.tags import TagUnfollowed
from ..paging import Cursors
from ..refusals import Unacceptable
from ..viewer import Viewer
from .known import KnownTag, featured_names, get


@dataclass(frozen=True)
class FollowedTags:
    """A page of followed tags, with their cursors."""

    tags: list[KnownTag] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)


def follow(name: str, viewer: Viewer) -> KnownTag:
    """Follow a tag. A second time changes nothing. What was posted before does not come home."""
    tag = get(name, viewer)
    if not tag.following:
        if len(follows.list_of(viewer.id)) >= follows.MOST_FOLLOWED:
            raise Unacceptable("You follow too many hashtags")
        follows.add(viewer.id, tag.name)
    return replace(tag, following=True)


def unfollow(name: str, viewer: Viewer) -> KnownTag:
    """Follow a tag no more. What only the tag has brought leaves the home timeline."""
    tag = get(name, viewer)
    if tag.following:
        event = TagUnfollowed(viewer.id, tag.name, new_flake())
        if follows.remove(viewer.id, tag.name, events.owed(event)):
            events.tell(event)
    return replace(tag, following=False)


def list_of(viewer: Viewer, page: Cursors) -> FollowedTags:
    """The tags that the viewer follows, the latest first."""
    below, since, least = (_number(text) for text in (page.max_id, page.since_id, page.min_id))
    if page.max_id and below is None:
        return FollowedTags()
    lowest = max(since or 0, least or 0)
    rows = sorted((row for row in follows.list_of(viewer.id)
                   if row.id > lowest and (below is None or row.id < below)), key=lambda row: -row.id)
    rows = rows[-page.limit:] if least is not None and page.limit else rows[:page.limit]
    names = [row.tag for row in rows]
    known = uses.find_many(map(uses.of_tag, names))
    featured = featured_names(viewer)
    return FollowedTags([KnownTag(name, known.get(uses.of_tag(name)), following=True, featuring=name in featured)
                         for name in names], [str(int(row.id)) for row in rows])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else None


def agree_home(owner_id: str, tag: str) -> bool:
    """Take away what a tag brought, unless it is followed by now. False if it is."""
    still = {row.tag for row in follows.list_of(owner_id)}
    if tag not in still:
        home.take_away(tag, owner_id, still)
    return tag not in still
