"""Lists of statuses on pages: what is shared by the pages of profiles, hashtags and public timelines."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.timelines.browsing import Browsed
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_statuses
from ...pages.timelines import PostList

MaxId = Annotated[str | None, "Only what is older than this id."]
MinId = Annotated[str | None, "Only what is newer than this id."]


def as_list(found: Browsed, viewer: Viewer | None, pinned: Browsed | None = None) -> PostList:
    """Statuses as the viewer sees them. What is pinned does not come a second time below."""
    above = _rendered(pinned, viewer) if pinned is not None else []
    known = {each["id"] for each in above}
    return PostList([each for each in _rendered(found, viewer) if each["id"] not in known], found.newer, found.older,
                    above)


def _rendered(found: Browsed, viewer: Viewer | None) -> list[entities.Status]:
    return render_statuses(found.statuses, viewer, found.around, context=found.context)
