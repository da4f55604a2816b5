"""Hashtags as pages."""

from __future__ import annotations

from ...domain.instance import openness
from ...domain.refusals import NotFound
from ...domain.text import fold_tag
from ...domain.timelines import browsing, timelines
from ...domain.timelines.syndication import LONGEST_TAG
from ...domain.timelines.timelines import Tags, Wishes
from ...domain.viewer import Viewer
from ...pages import timelines as pages
from ...pages import visit_of
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.limits import TIMELINE
from ...web.pages import SECONDS, public_page
from ...web.replies import Html
from ...web.request import Request
from ..timelines.post_lists import MaxId, MinId, as_list


@endpoint("GET", "/tag/{tag}", auth=optional("read:statuses", open=True), head=True, shared=SECONDS,
          limits=(TIMELINE.per("tag"),), refuses=(403, 404))
def show(request: Request, viewer: Viewer | None, tag: str, max_id: MaxId = None, min_id: MinId = None) -> Html:
    """Public statuses with a hashtag as a page, newest first."""
    openness.demand_timelines(viewer)
    name = fold_tag(tag)
    if not 0 < len(name) <= LONGEST_TAG:
        raise NotFound
    at = browsing.place(max_id, min_id)
    found = browsing.browsed(timelines.tagged(Tags([name]), viewer, at, Wishes()), at)
    return public_page(request, pages.tag(name, as_list(found, viewer), visit=visit_of(viewer, request.target)))
