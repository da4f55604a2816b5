"""The page of who follows the viewer."""

from __future__ import annotations

from ...domain.relationships import followers, following
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field
from ...web.paging import Page
from ...web.params import FlakeId
from ...web.replies import Html
from . import Done, PeopleListed, back_to, people_page

WRITE = session_of("follow", "write:follows")


@endpoint("GET", "/account/followers", auth=session_of("follow", "read:follows"))
def followers_page(viewer: Viewer, page: Page, done: Field) -> Html:
    """Who follows the viewer, newest account first."""
    found = following.list_followers(viewer.id, page, viewer=viewer)
    shown = PeopleListed(render_accounts(found.accounts, viewer), found.continues)
    return people_page("followers", viewer, page, shown, done=done)


@endpoint("POST", "/account/followers", auth=WRITE, refuses=(404,))
def remove_follower(viewer: Viewer, id: FlakeId) -> Done:
    """End an account's follow of the viewer."""
    followers.remove(id, by=viewer)
    return back_to("followers")
