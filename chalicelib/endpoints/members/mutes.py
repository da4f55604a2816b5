"""The page of whom the viewer mutes."""

from __future__ import annotations

from ...domain.relationships import mutes
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field
from ...web.paging import Page
from ...web.params import FlakeId
from ...web.replies import Html
from . import Done, back_to, hidden_page


@endpoint("GET", "/account/mutes", auth=session_of("follow", "read:mutes"))
def mutes_page(viewer: Viewer, page: Page, done: Field) -> Html:
    """Whom the viewer mutes, in the order of the accounts' ids."""
    return hidden_page(viewer, page, muted=True, done=done)


@endpoint("POST", "/account/mutes", auth=session_of("follow", "write:mutes"), refuses=(404,))
def unmute(viewer: Viewer, id: FlakeId) -> Done:
    """Unmute an account."""
    mutes.remove(id, viewer)
    return back_to("mutes")
