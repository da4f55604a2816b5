"""Who asks to follow the viewer, as a page."""

from __future__ import annotations

from ....domain.relationships import follow_requests
from ....domain.timelines import browsing
from ....domain.timelines.browsing import ListPart
from ....domain.viewer import Viewer
from ....entities.accounts.account import render_accounts
from ....web.auth import session_of
from ....web.endpoint import endpoint
from ....web.replies import Html
from ....web.request import Request
from . import MaxId, by_id, list_page, part_after


@endpoint("GET", "/account/requests", auth=session_of("follow", "read:follows"), refuses=(404,))
def requests_page(request: Request, viewer: Viewer, max_id: MaxId) -> Html:
    """Who asks to follow the viewer, the newest account first."""
    at = by_id(max_id, None)
    waiting = follow_requests.list_of(viewer)
    found = part_after(waiting, [str(each.id) for each in waiting], at)
    part = browsing.cut(found, [id for id, _ in found], at)
    shown = render_accounts([account for _, account in part.rows], viewer)
    return list_page("requests", request, viewer, ListPart(shown, None, part.older))
