"""What frontends ask for without OAuth: a letter for a new password, and signing out."""

from __future__ import annotations

from typing import Annotated

from ...domain.signing_in import oauth, password_reset
from ...pages import password_reset as pages
from ...web.accepting import preferred
from ...web.auth import optional, public, sent_session
from ...web.endpoint import endpoint
from ...web.limits import PASSWORD_RESET
from ...web.pages import private_page
from ...web.params import Loose
from ...web.replies import END, LEAVE, Html, NoContent, Redirect
from ...web.request import Request

JSON, HTML = "application/json", "text/html"


@endpoint("GET", "/auth/password", auth=public())
def forgotten_password_page() -> Html:
    """The form for who has forgotten the password."""
    return private_page(pages.forgotten())


@endpoint("POST", "/auth/password", auth=public(), limits=(PASSWORD_RESET,))
def ask_for_new_password(request: Request, email: Annotated[Loose[str], "Address or nickname."],
                         nickname: Annotated[Loose[str], "Or the nickname."]) -> Html | NoContent:
    """Send a link to a new password. The reply is the same whether or not anybody has this address or nickname.

    Browsers get a page that says so.
    """
    password_reset.ask(email or nickname)
    if preferred(request.headers.get("accept", ""), [JSON, HTML]) == HTML:
        return private_page(pages.asked())
    return NoContent()


@endpoint("DELETE", "/auth/sign_out", auth=optional(open=True))
def sign_out(request: Request) -> Redirect:
    """End the token of the request, and the session if it is of that token."""
    if not request.token:
        return Redirect("/", session=LEAVE)
    oauth.revoke(request.token)
    return Redirect("/", session=END if sent_session(request) == request.token else LEAVE)
