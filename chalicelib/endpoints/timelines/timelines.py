"""Timelines: home, public, tag, list and direct. The one of an account is in `statuses/statuses.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ... import entities
from ...domain.refusals import Unauthenticated
from ...domain.text import fold_tag
from ...domain.timelines import timelines
from ...domain.timelines.timelines import Timeline, Wishes
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_statuses
from ...settings import settings
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.limits import TIMELINE
from ...web.paging import Page, Paged
from ...web.params import AnyId, Flag, Flat

Visibility = Literal["public", "unlisted", "local", "private", "direct", "list"]
Excluded = Annotated[list[Visibility] | None, "Leave out statuses of these visibilities."]
WithMuted = Annotated[Flag, "Keep statuses of muted accounts and threads."]
ReplyVisibility = Annotated[Literal["self", "following"] | None, "Which replies to keep; if absent: all."]


@dataclass(frozen=True)
class OfEverybody:
    """Which of all public statuses are wanted."""

    local: Flag = False
    only_media: Flag = False
    with_muted: WithMuted = False
    exclude_visibilities: Excluded = None
    reply_visibility: ReplyVisibility = None
    instance: Annotated[str | None, "Only statuses of accounts on this host."] = None
    remote: Annotated[Flag, "Only statuses of other servers."] = False

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.with_muted, self.exclude_visibilities or (), self.only_media, self.local,
                      self.reply_visibility, self.instance, self.remote)


@dataclass(frozen=True)
class OfTags:
    """Which of the statuses with a tag are wanted, and with which other tags."""

    any: Annotated[list[str] | None, "Or these tags."] = None
    all: Annotated[list[str] | None, "And all of these."] = None
    none: Annotated[list[str] | None, "And none of these."] = None
    local: Flag = False
    only_media: Flag = False
    with_muted: WithMuted = False
    exclude_visibilities: Excluded = None

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.with_muted, self.exclude_visibilities or (), self.only_media, self.local)

    def with_tag(self, name: str) -> timelines.Tags:
        return timelines.Tags(list(map(fold_tag, [name, *(self.any or ())])), frozenset(map(fold_tag, self.all or ())),
                              frozenset(map(fold_tag, self.none or ())))


@endpoint("GET", "/api/v1/timelines/home", auth=signed_in("read:statuses"), limits=(TIMELINE.per("home"),))
def home(viewer: Viewer, page: Page, with_muted: WithMuted = False, exclude_visibilities: Excluded = None,
         reply_visibility: ReplyVisibility = None) -> Paged[entities.Status]:
    """The viewer's own statuses, those of followed accounts, and those addressed to the viewer, newest first."""
    wishes = Wishes(with_muted, exclude_visibilities or (), reply_visibility=reply_visibility)
    return _reply(timelines.home(viewer, page, wishes), page, viewer, with_muted)


@endpoint("GET", "/api/v1/timelines/public", auth=optional("read:statuses", open=True),
          limits=(TIMELINE.per("public"),), shared=10, refuses=(401,))
def public(viewer: Viewer | None, page: Page, fields: Flat[OfEverybody]) -> Paged[entities.Status]:
    """Public statuses of everybody, newest first, without reblogs."""
    _demand_open_timelines(viewer)
    return _reply(timelines.public(viewer, page, fields.wishes), page, viewer, fields.with_muted)


@endpoint("GET", "/api/v1/timelines/tag/{tag}", auth=optional("read:statuses", open=True),
          limits=(TIMELINE.per("tag"),), refuses=(401,))
def tag(viewer: Viewer | None, tag: str, page: Page, fields: Flat[OfTags]) -> Paged[entities.Status]:
    """Public statuses with a tag, newest first."""
    _demand_open_timelines(viewer)
    timeline = timelines.tagged(fields.with_tag(tag), viewer, page, fields.wishes)
    return _reply(timeline, page, viewer, fields.with_muted)


def _demand_open_timelines(viewer: Viewer | None) -> None:
    if viewer is None and (settings.restrict_timelines or not settings.public):
        raise Unauthenticated("authorization required for timeline view")


@endpoint("GET", "/api/v1/timelines/list/{list_id}", auth=signed_in("read:lists"), limits=(TIMELINE.per("list"),))
def of_list(viewer: Viewer, list_id: AnyId, page: Page, with_muted: WithMuted = False,
            exclude_visibilities: Excluded = None) -> Paged[entities.Status]:
    """Statuses of the accounts on one of the viewer's lists, newest first, without reblogs."""
    wishes = Wishes(with_muted, exclude_visibilities or ())
    return _reply(timelines.of_list(list_id, viewer, page, wishes), page, viewer, with_muted)


@endpoint("GET", "/api/v1/timelines/direct", auth=signed_in("read:statuses"), limits=(TIMELINE.per("direct"),))
def direct(viewer: Viewer, page: Page, with_muted: WithMuted = False,
           exclude_visibilities: Excluded = None) -> Paged[entities.Status]:
    """Direct statuses to and by the viewer, newest first."""
    wishes = Wishes(with_muted, exclude_visibilities or ())
    return _reply(timelines.direct(viewer, page, wishes), page, viewer, with_muted)


def _reply(timeline: Timeline, page: Page, viewer: Viewer | None, with_muted: bool) -> Paged[entities.Status]:
    rows = render_statuses(timeline.statuses, viewer, timeline.around, with_muted=with_muted, context=timeline.context)
    return page.reply(rows, continues=timeline.continues)
