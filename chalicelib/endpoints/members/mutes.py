"""The page of whom the viewer mutes."""

from __future__ import annotations

from typing import Annotated

from ...domain.relationships import hidden, mutes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_muted_accounts
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field
from ...web.paging import Page
from ...web.params import FlakeId
from ...web.replies import As, Html, Redirect
from . import PeopleListed, people_page


@endpoint("GET", "/account/mutes", auth=session_of("follow", "read:mutes"))
def mutes_page(viewer: Viewer, page: Page, done: Field) -> Html:
    """Whom the viewer mutes, in the order of the accounts' ids."""
    found = hidden.list_of(viewer, page, muted=True)
    shown = render_muted_accounts(found.accounts, viewer, with_relationships=False)
    return people_page("mutes", viewer, page, PeopleListed(shown, found.continues, "since_id"), done=done)


@endpoint("POST", "/account/mutes", auth=session_of("follow", "write:mutes"), refuses=(404,))
def unmute(viewer: Viewer, id: FlakeId) -> Annotated[Redirect, As(303)]:
    """Unmute an account."""
    mutes.remove(id, viewer)
    return Redirect("/account/mutes?done=mutes", 303)
