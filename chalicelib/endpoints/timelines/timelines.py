"""Timelines: home, public, list and direct. That of a tag is in `of_tags.py`, that of an account in
`statuses/statuses.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from ... import entities
from ...domain.refusals import Unauthenticated
from ...domain.tags import trends
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
OnlyRemote = Annotated[Flag, "Only statuses of other servers."]
ReplyVisibility = Annotated[Literal["self", "following"] | None, "Which replies to keep; if absent: all."]


@dataclass(frozen=True)
class OfTimelines:
    """Which of the statuses on a timeline are wanted."""

    with_muted: WithMuted = False
    exclude_visibilities: Excluded = None
    only_media: Flag = False
    local: Flag = False
    remote: OnlyRemote = False

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.with_muted, self.exclude_visibilities or (), self.only_media, self.local,
                      remote=self.remote)


@dataclass(frozen=True)
class OfEverybody(OfTimelines):
    """Which of all public statuses are wanted."""

    reply_visibility: ReplyVisibility = None
    instance: Annotated[str | None, "Only statuses of accounts on this host."] = None

    @property
    def wishes(self) -> Wishes:
        return replace(super().wishes, reply_visibility=self.reply_visibility, instance=self.instance)


@endpoint("GET", "/api/v1/timelines/home", auth=signed_in("read:statuses"), limits=(TIMELINE.per("home"),))
def home(viewer: Viewer, page: Page, fields: Flat[OfTimelines],
         reply_visibility: ReplyVisibility = None) -> Paged[entities.Status]:
    """The viewer's own statuses, those of followed accounts and hashtags, and those addressed to the viewer, newest
    first.
    """
    wishes = replace(fields.wishes, reply_visibility=reply_visibility)
    return as_reply(timelines.home(viewer, page, wishes), page, viewer, fields.with_muted)


@endpoint("GET", "/api/v1/timelines/public", auth=optional("read:statuses", open=True),
          limits=(TIMELINE.per("public"),), shared=10, refuses=(401,))
def public(viewer: Viewer | None, page: Page, fields: Flat[OfEverybody]) -> Paged[entities.Status]:
    """Public statuses of everybody, newest first, without reblogs."""
    demand_open_timelines(viewer)
    return as_reply(timelines.public(viewer, page, fields.wishes), page, viewer, fields.with_muted)


@endpoint("GET", "/api/v1/timelines/bubble", auth=optional("read:statuses", open=True),
          limits=(TIMELINE.per("public"),), refuses=(401,))
def bubble(viewer: Viewer | None, page: Page, fields: Flat[OfEverybody]) -> Paged[entities.Status]:
    """Public statuses of the servers that this one counts as its own kind: of this server alone."""
    demand_open_timelines(viewer)
    wishes = replace(fields.wishes, local=True)
    return as_reply(timelines.public(viewer, page, wishes), page, viewer, fields.with_muted)


@endpoint("GET", "/api/v1/timelines/link", auth=optional("read:statuses", open=True),
          limits=(TIMELINE.per("public"),), refuses=(401,))
def of_link(viewer: Viewer | None, page: Page,
            url: Annotated[str, "A link, as the trends have it."]) -> Paged[entities.Status]:
    """Public statuses of the last days that have a link, newest first: of some that are known."""
    demand_open_timelines(viewer)
    return as_reply(trends.of_link(url, viewer, page), page, viewer, with_muted=False)


def demand_open_timelines(viewer: Viewer | None) -> None:
    if viewer is None and (settings.restrict_timelines or not settings.public):
        raise Unauthenticated("authorization required for timeline view")


@endpoint("GET", "/api/v1/timelines/list/{list_id}", auth=signed_in("read:lists"), limits=(TIMELINE.per("list"),))
def of_list(viewer: Viewer, list_id: AnyId, page: Page, fields: Flat[OfTimelines]) -> Paged[entities.Status]:
    """Statuses of the accounts on one of the viewer's lists, newest first, without reblogs."""
    return as_reply(timelines.of_list(list_id, viewer, page, fields.wishes), page, viewer, fields.with_muted)


@endpoint("GET", "/api/v1/timelines/direct", auth=signed_in("read:statuses"), limits=(TIMELINE.per("direct"),))
def direct(viewer: Viewer, page: Page, with_muted: WithMuted = False,
           exclude_visibilities: Excluded = None) -> Paged[entities.Status]:
    """Direct statuses to and by the viewer, newest first."""
    wishes = Wishes(with_muted, exclude_visibilities or ())
    return as_reply(timelines.direct(viewer, page, wishes), page, viewer, with_muted)


def as_reply(timeline: Timeline, page: Page, viewer: Viewer | None, with_muted: bool) -> Paged[entities.Status]:
    rows = render_statuses(timeline.statuses, viewer, timeline.around, with_muted=with_muted, context=timeline.context)
    return page.reply(rows, continues=timeline.continues)
