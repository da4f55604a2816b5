"""The page for another password."""

from __future__ import annotations

from dataclasses import dataclass

from ...domain.accounts import settings
from ...domain.signing_in import browsing
from ...domain.signing_in.oauth import Granted
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormReply, Telling
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Flat
from ...web.replies import END, Html, Session
from ...web.request import Request
from . import account_page, settled


@dataclass(frozen=True)
class PasswordForm:
    password: Field
    new_password: Field
    new_password_confirmation: Field


@endpoint("GET", "/account/password", auth=session_of("write:accounts"))
def password_page(viewer: Viewer, done: Field) -> Html:
    """The form for another password."""
    return account_page("password", viewer, done=done)


@endpoint("POST", "/account/password", auth=session_of("write:accounts"), ahead=settings.ahead)
def change_password(request: Request, viewer: Viewer, form: Flat[PasswordForm]) -> FormReply:
    """Change the password. This ends every session but this one, which gets a new token."""
    def change() -> Session:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            settings.change_password(viewer, form.password, form.new_password, form.new_password_confirmation)
        return session_after(browsing.go_on(viewer))

    return settled("password", viewer, change, Telling(blames="new_password"))


def session_after(granted: Granted | None) -> Session:
    """The session of a browser whose old one has ended."""
    return END if granted is None else granted.minted.access_token
