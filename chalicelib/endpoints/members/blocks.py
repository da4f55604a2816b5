"""The page of whom the viewer blocks."""

from __future__ import annotations

from ...domain.relationships import blocks
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field
from ...web.paging import Page
from ...web.params import FlakeId
from ...web.replies import Html
from . import Done, back_to, hidden_page


@endpoint("GET", "/account/blocks", auth=session_of("follow", "read:blocks"))
def blocks_page(viewer: Viewer, page: Page, done: Field) -> Html:
    """Whom the viewer blocks, in the order of the accounts' ids."""
    return hidden_page(viewer, page, muted=False, done=done)


@endpoint("POST", "/account/blocks", auth=session_of("follow", "write:blocks"), refuses=(404,))
def unblock(viewer: Viewer, id: FlakeId) -> Done:
    """Unblock an account."""
    blocks.remove(id, viewer)
    return back_to("blocks")
