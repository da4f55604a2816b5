"""The page for another e-mail address, and the link that confirms one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ...domain.accounts import confirmation, settings
from ...domain.refusals import NotFound
from ...domain.viewer import Viewer
from ...pages import confirmation as pages
from ...web.accepting import preferred
from ...web.auth import public, session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormReply, Telling
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.pages import private_page
from ...web.params import AnyId, Flat
from ...web.replies import As, Html, Redirect, Reply
from ...web.request import Request
from . import account_page, settled

JSON, HTML = "application/json", "text/html"


@dataclass(frozen=True)
class EmailForm:
    email: Field
    password: Field


@endpoint("GET", "/account/email", auth=session_of("write:accounts"), ahead=settings.ahead)
def email_page(viewer: Viewer, done: Field) -> Html:
    """The form for another e-mail address."""
    return account_page("email", viewer, done=done, email=settings.get_email(viewer))


@endpoint("POST", "/account/email", auth=session_of("write:accounts"), ahead=settings.ahead)
def change_email(request: Request, viewer: Viewer, form: Flat[EmailForm]) -> FormReply:
    """Change the e-mail address, with the password. Letters tell the old and the new one."""
    def change() -> None:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            settings.change_email(viewer, form.password, form.email)

    return settled("email", viewer, change, Telling(blames="email"), email=form.email)


@endpoint("GET", "/api/account/confirm_email/{user_id}/{token}", auth=public())
def confirm_email(request: Request, user_id: AnyId, token: str,
                  ) -> Redirect | Html | Annotated[Html | Reply[str], As(404)]:
    """Confirm the address of an account. Browsers get a page; clients the way to `/`, or a bare text."""
    wants_page = preferred(request.headers.get("accept", ""), [JSON, HTML]) == HTML
    try:
        confirmation.confirm(user_id, token)
    except NotFound as refusal:
        return private_page(pages.wrong_link(), 404) if wants_page else Reply(refusal.message, 404)
    return private_page(pages.confirmed()) if wants_page else Redirect("/")
