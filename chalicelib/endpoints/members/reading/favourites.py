"""What the viewer favourited, as a page."""

from __future__ import annotations

from ....domain.timelines import browsing, favourites_and_bookmarks
from ....domain.timelines.browsing import BrowsedPlace, ListPart
from ....domain.timelines.favourites_and_bookmarks import MarkedPage
from ....domain.viewer import Viewer
from ....entities.statuses.status import render_statuses
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.replies import Html
from ....web.request import Request
from . import MaxId, MinId, by_id, list_page


@endpoint("GET", "/account/favourites", auth=session_of("read:favourites"), refuses=(404,))
def favourites_page(request: Request, viewer: Viewer, max_id: MaxId, min_id: MinId) -> Html:
    """What the viewer favourited, the latest favourite first."""
    at = by_id(max_id, min_id)
    return marked_page("favourites", request, viewer, favourites_and_bookmarks.list_favourites(viewer, at), at)


def marked_page(name: str, request: Request, viewer: Viewer, found: MarkedPage, at: BrowsedPlace) -> Html:
    part = browsing.cut(found.statuses, found.cursors, at, found.continues)
    shown = render_statuses(part.rows, viewer, found.around)
    return list_page(name, request, viewer, ListPart(shown, part.newer, part.older))
