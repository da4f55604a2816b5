"""The page that signs a browser in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ... import pages
from ...domain.refusals import Forbidden, Refusal, Throttled, Unavailable
from ...domain.signing_in import browsing
from ...domain.signing_in.oauth import WRONG, MfaRequired
from ...domain.viewer import Viewer
from ...settings import settings
from ...web.auth import optional, public, refuse_from_elsewhere
from ...web.endpoint import endpoint
from ...web.errors import status_of
from ...web.forms import TOO_MANY, Field, FormFault, place_here
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.pages import private_page
from ...web.params import Flat
from ...web.replies import As, Html, Redirect
from ...web.request import Request
from . import by_field
from .mfa import second_step_page

WORDS = {WRONG: "Invalid username or password"}
NO_KEY = "Nobody can sign in here: this server has no key to sign sessions with."


@dataclass(frozen=True)
class SignInForm:
    name: Field
    password: Field
    next: Field


@endpoint("GET", "/account/sign-in", auth=optional(open=True))
def sign_in_page(viewer: Viewer | None, next: Annotated[Field, "A path of this server to go on to."]) -> Html:
    """The form for name and password."""
    return _page("", next, viewer)


@endpoint("POST", "/account/sign-in", auth=public(), refuses=(403,))
def sign_in(request: Request, form: Flat[SignInForm],
            ) -> Html | Annotated[Html, As(401, 403, 429, 503)] | Annotated[Redirect, As(303)]:
    """Sign this browser in; or ask for the second factor."""
    refuse_from_elsewhere(request)
    try:
        if not settings.secret_key:
            raise Unavailable(NO_KEY)
        with counting_failures(AUTHENTICATION, request.ip):
            granted = browsing.by_password(form.name or "", form.password or "")
    except MfaRequired as required:
        return second_step_page(required.token, form.next)
    except Refusal as refusal:
        text = TOO_MANY if isinstance(refusal, Throttled) else WORDS.get(refusal.message, refusal.message)
        status = status_of(refusal) if isinstance(refusal, (Forbidden, Throttled, Unavailable)) else 401
        return _page(form.name or "", form.next, None, [FormFault("name", text)], status)
    return Redirect(place_here(form.next), 303, session=granted.minted.access_token)


def _page(name: str, next: str | None, viewer: Viewer | None, faults: list[FormFault] | None = None,
          status: int = 200) -> Html:
    html = pages.rendered("account/sign_in.html", name=name, next=place_here(next), faults=by_field(faults or []),
                          viewer=viewer.account if viewer else None, registrations_open=settings.registrations_open)
    return private_page(html, status)
