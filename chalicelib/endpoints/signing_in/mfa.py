"""The second step of signing in, for apps as JSON and for people as pages. Setting it up is in `accounts/mfa.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.refusals import BadRequest, Throttled
from ...domain.signing_in import second_factor
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Flat, Loose
from ...web.replies import Html, Reply, unkept
from ...web.request import Request
from ..pages import mfa as pages
from .oauth import client_of, code_reply, token_reply


@endpoint("POST", "/oauth/mfa/challenge", auth=public())
def challenge(request: Request, mfa_token: Loose[str], challenge_type: Annotated[Loose[str], "totp or recovery"],
              code: Loose[str], client_id: Annotated[Loose[str], "Or, better, as the name of HTTP Basic."],
              client_secret: Loose[str]) -> Reply[entities.Token]:
    """A token for the MFA token of a password grant, with a code of the authenticator app or a backup code."""
    client = client_of(request, client_id, client_secret)
    with counting_failures(AUTHENTICATION, request.ip):
        granted = second_factor.grant(client, mfa_token or "", challenge_type or "", code or "")
    return token_reply(granted)


@endpoint("GET", "/oauth/mfa", auth=public())
def page(mfa_token: Loose[str], challenge_type: Annotated[Loose[str], "totp (default) or recovery"],
         redirect_uri: Loose[str], state: Loose[str]) -> Reply[Any]:
    """The page that asks for a code. Nothing is checked yet."""
    return unkept(Html(pages.two_factor(mfa_token or "", redirect_uri or "", state or "", kind=challenge_type or "")))


@dataclass(frozen=True)
class Answer:
    """What the page sends, all of it within `mfa[…]`."""

    mfa: Annotated[Loose[dict[str, Any]], "mfa_token, challenge_type, code, redirect_uri, state"]

    def text(self, field: str) -> str:
        value = (self.mfa or {}).get(field)
        return value if isinstance(value, str) else ""


@endpoint("POST", "/oauth/mfa/verify", auth=public())
def verify(request: Request, answer: Flat[Answer]) -> Reply[Any]:
    """Finish signing in: the app's address is called with a code, or the code is shown."""
    mfa_token, uri, state = answer.text("mfa_token"), answer.text("redirect_uri"), answer.text("state")
    kind = answer.text("challenge_type")
    try:
        with counting_failures(AUTHENTICATION, request.ip):
            code = second_factor.authorize(mfa_token, kind or second_factor.TOTP, answer.text("code"), uri)
    except (BadRequest, Throttled) as refusal:
        fault = pages.THROTTLED if isinstance(refusal, Throttled) else pages.FAILED
        status = 429 if isinstance(refusal, Throttled) else 401
        return unkept(Html(pages.two_factor(mfa_token, uri, state, kind=kind, fault=fault), status))
    return code_reply(uri, code, state)
