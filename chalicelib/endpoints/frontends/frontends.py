"""The page on which somebody chooses a frontend for their browser."""

from __future__ import annotations

from typing import Annotated

from ...domain.frontends import serving
from ...domain.refusals import BadRequest, Forbidden
from ...pages import frontends as pages
from ...web.auth import INVALID, is_from_elsewhere, public
from ...web.endpoint import endpoint
from ...web.fronting import preferred_in
from ...web.pages import private_page
from ...web.replies import LEAVE, As, Html, Redirect
from ...web.request import Request
from .preferred_frontend import cookie_for


@endpoint("GET", "/akkoma/frontend", auth=public(), head=True)
def show(request: Request) -> Html:
    """The form with the frontends that one may choose."""
    preferred = preferred_in(request.headers)
    return private_page(pages.choose(serving.list_pickable(), preferred.spelt if preferred else ""))


@endpoint("POST", "/akkoma/frontend", auth=public(), refuses=(403,))
def choose(request: Request, frontend: str) -> Annotated[Redirect, As(303)] | Annotated[Html, As(400)]:
    """Remember a frontend in a cookie of the browser, and go to the front page."""
    if is_from_elsewhere(request):
        raise Forbidden(INVALID)
    try:
        cookie = cookie_for(frontend)
    except BadRequest as refusal:
        return private_page(pages.choose(serving.list_pickable(), "", fault=refusal.message), 400)
    done = Redirect("/", 303, session=LEAVE)
    done.headers = {**done.headers, "Set-Cookie": cookie}
    return done
