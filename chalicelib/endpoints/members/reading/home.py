"""The home timeline as a page."""

from __future__ import annotations

from ....domain.timelines import browsing, timelines
from ....domain.timelines.timelines import Wishes
from ....domain.viewer import Viewer
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.limits import TIMELINE
from ....web.replies import Html
from ....web.request import Request
from . import MaxId, MinId, by_id
from .lists import timeline_page


@endpoint("GET", "/account/home", auth=session_of("read:statuses"), limits=(TIMELINE.per("home"),), refuses=(404,))
def home_page(request: Request, viewer: Viewer, max_id: MaxId, min_id: MinId) -> Html:
    """What the viewer wrote, what followed accounts and hashtags bring, and what is addressed to the viewer."""
    at = by_id(max_id, min_id)
    found = browsing.browsed(timelines.home(viewer, at, Wishes()), at)
    return timeline_page("home", request, viewer, found)
