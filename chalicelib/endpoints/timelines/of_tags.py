"""The timeline of a hashtag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ... import entities
from ...domain.text import fold_tag
from ...domain.timelines import timelines
from ...domain.viewer import Viewer
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.limits import TIMELINE
from ...web.paging import Page, Paged
from ...web.params import Flat
from .timelines import OfTimelines, as_reply, demand_open_timelines


@dataclass(frozen=True)
class OfTags(OfTimelines):
    """Which of the statuses with a tag are wanted, and with which other tags."""

    any: Annotated[list[str] | None, "Or these tags."] = None
    all: Annotated[list[str] | None, "And all of these."] = None
    none: Annotated[list[str] | None, "And none of these."] = None

    def with_tag(self, name: str) -> timelines.Tags:
        return timelines.Tags(list(map(fold_tag, [name, *(self.any or ())])), frozenset(map(fold_tag, self.all or ())),
                              frozenset(map(fold_tag, self.none or ())))


@endpoint("GET", "/api/v1/timelines/tag/{tag}", auth=optional("read:statuses", open=True),
          limits=(TIMELINE.per("tag"),), refuses=(401,))
def tag(viewer: Viewer | None, tag: str, page: Page, fields: Flat[OfTags]) -> Paged[entities.Status]:
    """Public statuses with a tag, newest first."""
    demand_open_timelines(viewer)
    timeline = timelines.tagged(fields.with_tag(tag), viewer, page, fields.wishes)
    return as_reply(timeline, page, viewer, fields.with_muted)
