"""The front page, for people who type the server's address into a browser."""

from __future__ import annotations

from ... import entities
from ...domain.instance import about, openness
from ...domain.timelines import timelines
from ...domain.timelines.browsing import BrowsedPlace
from ...domain.timelines.timelines import Wishes
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.statuses.status import render_statuses
from ...pages import front as pages
from ...pages import visit_of
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.pages import by_form, public_page
from ...web.replies import LEAVE, Html, Redirect
from ...web.request import Request

SECONDS_KEPT = 60
NEWEST = BrowsedPlace(limit=5)


@endpoint("GET", "/", auth=optional("read:statuses", open=True), head=True, shared=SECONDS_KEPT)
def front(request: Request, viewer: Viewer | None) -> Html | Redirect:
    """What this server is, what is new, its rules, how to sign up, and how to connect a client. Who is signed in is led
    to the home timeline.
    """
    if viewer is not None:
        return by_form(Redirect("/account/home", session=LEAVE))
    html = pages.front(_newest(), shown_staff(None), visit=visit_of(None, "/"))
    return public_page(request, html, seconds=SECONDS_KEPT)


def _newest() -> list[entities.Status] | None:
    if not openness.shows_timelines():
        return None
    found = timelines.public(None, NEWEST, Wishes(local=True))
    return render_statuses(found.statuses, None, found.around, context=found.context)


def shown_staff(viewer: Viewer | None) -> list[entities.Account]:
    """Who runs the server, as far as they let it be known, and profiles may be seen."""
    if viewer is None and not openness.shows_profiles():
        return []
    return render_accounts(about.list_staff(), viewer)
