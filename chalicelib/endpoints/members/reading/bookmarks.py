"""What the viewer bookmarked, as a page."""

from __future__ import annotations

from ....domain.timelines import favourites_and_bookmarks
from ....domain.viewer import Viewer
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.replies import Html
from ....web.request import Request
from . import MaxId, MinId, numbered
from .favourites import marked_page


@endpoint("GET", "/account/bookmarks", auth=session_of("read:bookmarks"), refuses=(404,))
def bookmarks_page(request: Request, viewer: Viewer, max_id: MaxId, min_id: MinId) -> Html:
    """What the viewer bookmarked, the latest bookmark first."""
    at = numbered(max_id, min_id)
    return marked_page("bookmarks", request, viewer, favourites_and_bookmarks.list_bookmarks(viewer, at), at)
