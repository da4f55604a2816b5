"""The second factor: the page to switch it on and off, and the second step of signing in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from ... import pages
from ...domain.accounts import settings
from ...domain.refusals import Refusal, Throttled
from ...domain.signing_in import browsing, mfa, second_factor
from ...domain.signing_in.mfa import SetUp
from ...domain.viewer import Viewer
from ...pages import qr
from ...web.auth import public, refuse_from_elsewhere, session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, Telling, answered, place_here
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.pages import private_page
from ...web.params import Flat
from ...web.replies import As, Html, Redirect
from ...web.request import Request
from . import account_html, account_page, by_field

FAILED = "Two-factor authentication failed."
THROTTLED = "Too many attempts. Wait for a while, or use a recovery code."
CODES = Telling(blames="code", words={
    mfa.WRONG_CODE: "This is not the code that the app shows now. Codes change every half minute.",
    mfa.NOT_SET_UP: "This page is too old. Begin again.", mfa.NOT_NOW: mfa.NOT_NOW,
})
SECURITY = session_of("write:security")


@dataclass(frozen=True)
class MfaForm:
    code: Field
    password: Field


@endpoint("GET", "/account/mfa", auth=SECURITY, ahead=mfa.ahead)
def mfa_page(viewer: Viewer, done: Field) -> Html:
    """Whether a second factor is on, and how to change that."""
    return account_page("mfa", viewer, done=done, is_on=mfa.is_on(viewer))


@endpoint("POST", "/account/mfa/setup", auth=SECURITY, ahead=settings.ahead)
def set_up(request: Request, viewer: Viewer, password: Field) -> FormReply | Html:
    """A new secret for an authenticator app, as a picture and as text. It waits to be confirmed."""
    def show() -> Html:
        return _set_up_page(viewer, mfa.set_up(viewer, mfa.TOTP))

    return _with_password(request, viewer, password, show)


@endpoint("POST", "/account/mfa/confirm", auth=SECURITY, ahead=mfa.ahead)
def confirm(request: Request, viewer: Viewer, form: Flat[MfaForm]) -> FormReply | Html:
    """Switch the second factor on, and show the recovery codes, this once."""
    codes: list[str] = []

    def switch_on() -> None:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            mfa.confirm(viewer, mfa.TOTP, form.password or "", form.code or "")
        codes.extend(mfa.new_backup_codes(viewer))

    def again(faults: Sequence[FormFault]) -> str:
        """The secret is shown again to who has given the password."""
        knows_password = all(fault.field == "code" for fault in faults)
        return _set_up_html(viewer, mfa.find_pending(viewer) if knows_password else None, faults)

    reply = answered(switch_on, again, "/account/mfa?done=mfa", CODES)
    return _codes_page(viewer, codes) if codes else reply


@endpoint("POST", "/account/mfa/codes", auth=SECURITY, ahead=settings.ahead)
def new_codes(request: Request, viewer: Viewer, password: Field) -> FormReply | Html:
    """New recovery codes in place of all earlier ones, shown this once."""
    return _with_password(request, viewer, password, lambda: _codes_page(viewer, mfa.new_backup_codes(viewer)))


@endpoint("POST", "/account/mfa/off", auth=SECURITY, ahead=mfa.ahead)
def switch_off(request: Request, viewer: Viewer, password: Field) -> FormReply:
    """Switch the second factor off."""
    def act() -> None:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            mfa.disable(viewer, mfa.TOTP, password)

    return answered(act, _again(viewer), "/account/mfa?done=mfa-off")


def _with_password(request: Request, viewer: Viewer, password: str | None, show: Callable[[], Html],
                   ) -> FormReply | Html:
    """A page that shows a secret to who knows the password."""
    shown: list[Html] = []

    def act() -> None:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            settings.check_password(viewer, password)
        shown.append(show())

    reply = answered(act, _again(viewer), "/account/mfa")
    return shown[0] if shown else reply


def _again(viewer: Viewer) -> Callable[[Sequence[FormFault]], str]:
    return lambda faults: account_html("mfa", viewer, faults=faults, is_on=mfa.is_on(viewer))


def _set_up_page(viewer: Viewer, made: SetUp) -> Html:
    return private_page(_set_up_html(viewer, made))


def _set_up_html(viewer: Viewer, made: SetUp | None, faults: Sequence[FormFault] = ()) -> str:
    return account_html("mfa_setup", viewer, faults=faults, made=made,
                        picture=qr.picture(made.provisioning_uri) if made is not None else "")


def _codes_page(viewer: Viewer, codes: list[str]) -> Html:
    return account_page("recovery_codes", viewer, codes=codes)


# Signing in.


@dataclass(frozen=True)
class SecondStepForm:
    mfa_token: Field
    code: Field
    next: Field


@endpoint("POST", "/account/sign-in/mfa", auth=public(), refuses=(403,))
def second_step(request: Request, form: Flat[SecondStepForm],
                ) -> Annotated[Html, As(401, 429)] | Annotated[Redirect, As(303)]:
    """Finish signing in, with a code of the authenticator app or a recovery code."""
    refuse_from_elsewhere(request)
    try:
        with counting_failures(AUTHENTICATION, request.ip):
            granted = browsing.by_code(form.mfa_token or "", form.code or "")
    except Refusal as refusal:
        is_throttled = isinstance(refusal, Throttled)
        return second_step_page(form.mfa_token or "", form.next, THROTTLED if is_throttled else FAILED,
                                429 if is_throttled else 401)
    return Redirect(place_here(form.next), 303, session=granted.minted.access_token)


def second_step_page(mfa_token: str, next: str | None, fault: str = "", status: int = 200) -> Html:
    """The page that asks for a code. It says of which account."""
    faults = [FormFault("code", fault)] if fault else []
    html = pages.rendered("account/second_step.html", mfa_token=mfa_token, next=place_here(next),
                          faults=by_field(faults), nickname=second_factor.find_nickname(mfa_token))
    return private_page(html, status)
