"""The account's own page, which leads to all others; signing out, and leaving for a while or for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from ... import pages
from ...domain.accounts import deactivation, deletion, settings
from ...domain.signing_in import oauth
from ...domain.viewer import Viewer
from ...web.auth import optional, refuse_from_elsewhere, sent_session, session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, Ticked, Unfilled, answered
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.pages import private_page
from ...web.params import Flat
from ...web.replies import END, LEAVE, As, Html, Redirect
from ...web.request import Request
from . import account_html, account_page

SECTIONS = [
    ("You", [("/account/profile", "Profile", "name, pictures, fields"), ("/account/posting", "Posting", ""),
             ("/account/privacy", "Privacy", ""), ("/account/followers", "Followers", ""),
             ("/account/blocks", "Blocked accounts", ""), ("/account/mutes", "Muted accounts", "")]),
    ("Signing in", [("/account/email", "E-mail address", ""), ("/account/password", "Password", ""),
                    ("/account/mfa", "Second factor", ""), ("/account/sessions", "Sessions", "apps, browsers")]),
    ("What you take along", [("/account/export", "Export", "lists as CSV"),
                             ("/account/import", "Import", "lists as CSV"),
                             ("/account/backups", "Backups", "all that you have written")]),
    ("Going elsewhere", [("/account/aliases", "Aliases", "accounts of yours"), ("/account/move", "Move", ""),
                         ("/account/disable", "Disable the account", ""),
                         ("/account/delete", "Delete the account", "")]),
]
"""The parts of the account's own page: what each is called, with addresses, names and hints."""
NOT_TICKED = "Please tick the box, so that this is no mistake."


@endpoint("GET", "/account", auth=session_of("read:accounts"))
def hub(viewer: Viewer, done: Field) -> Html:
    """Who is signed in, and the way to all account pages."""
    return account_page("hub", viewer, done=done, sections=SECTIONS)


@endpoint("POST", "/account/sign-out", auth=optional(open=True), refuses=(403,))
def sign_out(request: Request, viewer: Viewer | None) -> Annotated[Redirect, As(303)]:
    """End the session, and its token with it."""
    refuse_from_elsewhere(request)
    if viewer is not None and request.token:
        oauth.revoke(request.token)
    return Redirect("/", 303, session=END if sent_session(request) is not None else LEAVE)


# Leaving.


@dataclass(frozen=True)
class LeavingForm:
    password: Field
    confirm: Ticked


@endpoint("GET", "/account/disable", auth=session_of("write:accounts"))
def disable_page(viewer: Viewer) -> Html:
    """The form to leave for a while."""
    return account_page("disable", viewer)


@endpoint("POST", "/account/disable", auth=session_of("write:accounts"), ahead=settings.ahead)
def disable(request: Request, viewer: Viewer, form: Flat[LeavingForm]) -> FormReply | Html:
    """Deactivate the account, with the password. A job does it."""
    return _leave("disable", deactivation.begin, request, viewer, form)


@endpoint("GET", "/account/delete", auth=session_of("write:accounts"))
def delete_page(viewer: Viewer) -> Html:
    """The form to leave for good, which says what goes."""
    return account_page("delete", viewer)


@endpoint("POST", "/account/delete", auth=session_of("write:accounts"), ahead=settings.ahead)
def delete(request: Request, viewer: Viewer, form: Flat[LeavingForm]) -> FormReply | Html:
    """Delete the account with all that it has, with the password. A job does it."""
    return _leave("delete", deletion.begin, request, viewer, form)


def _leave(name: str, begin: Callable[[str], None], request: Request, viewer: Viewer,
           form: LeavingForm) -> FormReply | Html:
    def act() -> None:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            settings.check_password(viewer, form.password)
        if not form.confirm:
            raise Unfilled("confirm", NOT_TICKED)
        begin(viewer.id)
        if request.token:
            oauth.revoke(request.token)

    def again(faults: Sequence[FormFault]) -> str:
        return account_html(name, viewer, faults=faults)

    reply = answered(act, again, "/")
    if reply.status != 303:
        return reply
    return private_page(pages.rendered("account/farewell.html", act=name), session=END)
