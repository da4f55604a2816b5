"""Public timelines as pages."""

from __future__ import annotations

from ...domain.instance import openness
from ...domain.refusals import NotFound
from ...domain.timelines import browsing, timelines
from ...domain.timelines.timelines import Wishes
from ...domain.viewer import Viewer
from ...pages import timelines as pages
from ...pages import visit_of
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.limits import TIMELINE
from ...web.pages import SECONDS, public_page
from ...web.replies import Html
from ...web.request import Request
from .post_lists import MaxId, MinId, as_list


@endpoint("GET", "/main/{timeline}", auth=optional("read:statuses", open=True), head=True, shared=SECONDS,
          limits=(TIMELINE.per("public"),), refuses=(403, 404))
def main(request: Request, viewer: Viewer | None, timeline: str, max_id: MaxId = None, min_id: MinId = None) -> Html:
    """The public timeline as a page: `public` of this server, `all` of every server that is known."""
    if timeline not in pages.EXPLAINED:
        raise NotFound(NOT_IMPLEMENTED)
    openness.demand_timelines(viewer)
    at = browsing.place(max_id, min_id)
    found = browsing.browsed(timelines.public(viewer, at, Wishes(local=timeline == "public")), at)
    return public_page(request, pages.public(timeline, as_list(found, viewer), visit=visit_of(viewer, request.target)))
