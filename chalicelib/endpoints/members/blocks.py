"""The page of whom the viewer blocks."""

from __future__ import annotations

from typing import Annotated

from ...domain.relationships import blocks, hidden
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_blocked_accounts
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field
from ...web.paging import Page
from ...web.params import FlakeId
from ...web.replies import As, Html, Redirect
from . import PeopleListed, people_page


@endpoint("GET", "/account/blocks", auth=session_of("follow", "read:blocks"))
def blocks_page(viewer: Viewer, page: Page, done: Field) -> Html:
    """Whom the viewer blocks, in the order of the accounts' ids."""
    found = hidden.list_of(viewer, page, muted=False)
    shown = render_blocked_accounts(found.accounts, viewer, with_relationships=False)
    return people_page("blocks", viewer, page, PeopleListed(shown, found.continues, "since_id"), done=done)


@endpoint("POST", "/account/blocks", auth=session_of("follow", "write:blocks"), refuses=(404,))
def unblock(viewer: Viewer, id: FlakeId) -> Annotated[Redirect, As(303)]:
    """Unblock an account."""
    blocks.remove(id, viewer)
    return Redirect("/account/blocks?done=blocks", 303)
