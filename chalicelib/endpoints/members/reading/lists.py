"""The viewer's lists as pages, and the timeline of each."""

from __future__ import annotations

from ....domain.relationships import lists
from ....domain.timelines import browsing, timelines
from ....domain.timelines.browsing import Browsed, ListPart
from ....domain.timelines.timelines import Wishes
from ....domain.viewer import Viewer
from ....entities.relationships.list import render_list
from ....entities.statuses.status import render_statuses
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.limits import TIMELINE
from ....web.params import FlakeId
from ....web.replies import Html
from ....web.request import Request
from . import MaxId, MinId, by_id, list_page, page_of


@endpoint("GET", "/account/lists", auth=session_of("read:lists"))
def lists_page(request: Request, viewer: Viewer) -> Html:
    """The viewer's lists."""
    return page_of("lists", request, viewer, lists=[render_list(row) for row in lists.list_of(viewer)])


@endpoint("GET", "/account/lists/{id}", auth=session_of("read:lists"), limits=(TIMELINE.per("list"),))
def list_of_page(request: Request, viewer: Viewer, id: FlakeId, max_id: MaxId, min_id: MinId) -> Html:
    """What the accounts on one of the viewer's lists wrote."""
    at = by_id(max_id, min_id)
    title = lists.get(id, viewer).title
    found = browsing.browsed(timelines.of_list(id, viewer, at, Wishes()), at)
    return timeline_page("list", request, viewer, found, title=title)


def timeline_page(name: str, request: Request, viewer: Viewer, found: Browsed, **values: str) -> Html:
    shown = render_statuses(found.statuses, viewer, found.around, context=found.context)
    return list_page(name, request, viewer, ListPart(shown, found.newer, found.older), **values)
