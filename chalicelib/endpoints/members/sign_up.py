"""The page to sign up: a form over the same rules as those of `POST /api/v1/accounts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Annotated
from urllib.parse import urlsplit

from ... import pages
from ...domain.accounts import ages, captcha, registration
from ...domain.accounts.captcha import KOCAPTCHA
from ...domain.accounts.registration import SignUp
from ...domain.signing_in import browsing
from ...entities.accounts.captcha import render_captcha
from ...settings import settings
from ...web.auth import public, refuse_from_elsewhere
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, Telling, Ticked, Unfilled, answered
from ...web.limits import APP_ACCOUNT_CREATION
from ...web.pages import PRIVATE, policy, private_page
from ...web.params import Flat
from ...web.replies import LEAVE, Html, R
from ...web.request import Request
from . import by_field

NOT_AGREED = "Please agree to the rules of this server."
PAGE = "/account/sign-up"
TELLING = Telling("token", {"nickname": "username", "ap_id": "username", "name": "fullname",
                            "captcha": "captcha_solution", "registration_reason": "reason",
                            "password_confirmation": "password"})
SECRET = ("password", "captcha_solution", "captcha_token", "captcha_answer_data")


@dataclass(frozen=True)
class SignUpForm:
    """What the API takes when somebody signs up."""

    username: Field
    email: Field
    password: Field
    fullname: Field
    bio: Field
    reason: Field
    birthday: Field
    token: Annotated[Field, "An invite, where registrations are closed."]
    captcha_solution: Field
    captcha_token: Field
    captcha_answer_data: Field
    agreement: Ticked

    @property
    def wanted(self) -> SignUp:
        """Who signs up. A name or an invite that nobody has filled in counts as left out."""
        if not self.agreement:
            raise Unfilled("agreement", NOT_AGREED)
        return SignUp(
            self.username or "", self.password or "", self.email or "", self.fullname or None, self.bio, self.reason,
            self.token or None, birthday=self.birthday or None, captcha_solution=self.captcha_solution,
            captcha_token=self.captcha_token, captcha_answer_data=self.captcha_answer_data)

    @property
    def typed(self) -> dict[str, str | bool | None]:
        """What the form is filled in with again."""
        return {name: value for name, value in asdict(self).items() if name not in SECRET}


NOTHING_TYPED: dict[str, str | bool | None] = dict.fromkeys(each.name for each in fields(SignUpForm))


@endpoint("GET", "/account/sign-up", auth=public(), refuses=(500,))
def sign_up_page(token: Annotated[Field, "An invite."], done: Annotated[Field, "After signing up: what comes next."],
                 ) -> Html:
    """The form to sign up; or, after it, what is still needed."""
    if done in ("approval", "confirmation"):
        return private_page(pages.rendered("account/signed_up.html", waits_for=done))
    return _showing_captchas(private_page(_html(NOTHING_TYPED | {"token": token})))


@endpoint("POST", "/account/sign-up", auth=public(), limits=(APP_ACCOUNT_CREATION,), refuses=(403, 500))
def sign_up(request: Request, form: Flat[SignUpForm]) -> FormReply:
    """Sign up for an account. Signs the browser in, unless the account has to be approved or confirmed first."""
    refuse_from_elsewhere(request)
    made: list[registration.NewAccount] = []

    def act() -> str | bool:
        new = registration.sign_up(form.wanted, browsing.PAGES, browsing.SCOPES)
        made.append(new)
        return LEAVE if new.minted is None else new.minted.access_token

    def again(faults: Sequence[FormFault]) -> str:
        return _html(form.typed, faults)

    reply = answered(act, again, "/account?done=sign-up", TELLING)
    if made and made[0].minted is None:
        waits_for = "confirmation" if made[0].account.confirmation_pending else "approval"
        reply.headers = {**reply.headers, "Location": f"{PAGE}?done={waits_for}"}
    return _showing_captchas(reply)


def _showing_captchas(reply: R) -> R:
    """The page may show pictures of the service that makes captchas."""
    if settings.captcha == KOCAPTCHA and "Content-Security-Policy" in reply.headers:
        service = urlsplit(settings.kocaptcha_endpoint)
        allowed = PRIVATE | {"img-src": f"{PRIVATE['img-src']} {service.scheme}://{service.netloc}"}
        reply.headers = {**reply.headers, "Content-Security-Policy": policy(allowed)}
    return reply


def _html(typed: dict[str, str | bool | None], faults: Sequence[FormFault] = ()) -> str:
    needs_invite = not settings.registrations_open
    return pages.rendered(
        "account/sign_up.html", typed=typed, faults=by_field(faults), captcha=render_captcha(captcha.make()),
        needs_invite=needs_invite, needs_birthday=settings.birthday_required or settings.birthday_min_age > 0,
        minimum_years=ages.minimum_years(), needs_email=settings.account_activation_required,
        needs_approval=settings.account_approval_required, longest_bio=settings.user_bio_length,
        longest_name=settings.user_name_length, longest_reason=settings.registration_reason_length)
