"""The second factor: the viewer's own, and the step of signing in that asks for it, as JSON and as pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from ... import entities
from ...domain.refusals import BadRequest, Throttled
from ...domain.signing_in import mfa, second_factor
from ...domain.viewer import Viewer
from ...entities.signing_in.mfa import render_mfa
from ...pages import mfa as pages
from ...web.auth import public, refuse_forged, signed_in
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.pages import sign_in_page
from ...web.params import Flat, Loose
from ...web.replies import As, Html, Redirect, Reply, unkept
from ...web.request import Request
from .oauth import client_of, code_reply, second_step, token_reply


@endpoint("GET", "/api/pleroma/accounts/mfa", auth=signed_in("read:security"), ahead=mfa.ahead)
def show(viewer: Viewer) -> entities.Mfa:
    """Whether a second factor is on."""
    return render_mfa(mfa.is_on(viewer))


@endpoint("GET", "/api/pleroma/accounts/mfa/setup/{method}", auth=signed_in("write:security"), ahead=mfa.ahead,
          refuses=(422,))
def set_up(request: Request, viewer: Viewer, method: str) -> Reply[entities.MfaSetUp]:
    """A new secret for an authenticator app (`totp`). Nothing is switched on until it is confirmed."""
    refuse_forged(request)
    made = mfa.set_up(viewer, method)
    return unkept(Reply({"key": made.key, "provisioning_uri": made.provisioning_uri}))


@endpoint("POST", "/api/pleroma/accounts/mfa/confirm/{method}", auth=signed_in("write:security"), ahead=mfa.ahead)
def confirm(request: Request, viewer: Viewer, method: str, password: Loose[str],
            code: Loose[str]) -> entities.Nothing:
    """Switch the second factor on, with the password and a code that the authenticator app shows."""
    with counting_failures(AUTHENTICATION, request.ip, viewer.id):
        mfa.confirm(viewer, method, password, code)
    return {}


@endpoint("DELETE", "/api/pleroma/accounts/mfa/{method}", auth=signed_in("write:security"), ahead=mfa.ahead)
def disable(request: Request, viewer: Viewer, method: str, password: Loose[str]) -> entities.Nothing:
    """Switch the second factor off: `totp`, or `mfa` for any method."""
    with counting_failures(AUTHENTICATION, request.ip, viewer.id):
        mfa.disable(viewer, method, password)
    return {}


@endpoint("GET", "/api/pleroma/accounts/mfa/backup_codes", auth=signed_in("write:security"), refuses=(422,))
def backup_codes(request: Request, viewer: Viewer) -> Reply[entities.BackupCodes]:
    """New backup codes, which replace all earlier ones. They are shown only once."""
    refuse_forged(request)
    return unkept(Reply({"codes": mfa.new_backup_codes(viewer)}))


@endpoint("DELETE", "/api/pleroma/accounts/mfa/backup_codes", auth=signed_in("write:security"))
def disable_backup_codes(viewer: Viewer) -> entities.Nothing:
    """Backup codes are no method that can be switched off, so this is always an error."""
    mfa.disable(viewer, "backup_codes", None)
    return {}


# Signing in.


@endpoint("POST", "/oauth/mfa/challenge", auth=public(), refuses=(429,))
def challenge(request: Request, mfa_token: Loose[str], challenge_type: Annotated[Loose[str], "totp or recovery"],
              code: Loose[str], client_id: Annotated[Loose[str], "Or, better, as the name in HTTP Basic."],
              client_secret: Loose[str]) -> Reply[entities.Token]:
    """A token for the MFA token of a password grant, with a code of the authenticator app or a backup code."""
    client = client_of(request, client_id, client_secret)
    with counting_failures(AUTHENTICATION, request.ip):
        granted = second_factor.grant(client, mfa_token or "", challenge_type or "", code or "")
    return token_reply(granted)


@endpoint("GET", "/oauth/mfa", auth=public())
def page(mfa_token: Loose[str], challenge_type: Annotated[Loose[str], "totp (default) or recovery"],
         redirect_uri: Loose[str], state: Loose[str]) -> Html:
    """The page that asks for a code. Nothing is checked yet."""
    return sign_in_page(second_step(mfa_token or "", redirect_uri or "", state or "", kind=challenge_type or ""))


@dataclass(frozen=True)
class Answer:
    """What the page sends, all within `mfa[…]`."""

    mfa: Annotated[Loose[dict[str, Any]], "mfa_token, challenge_type, code, redirect_uri, state"]

    def text(self, field: str) -> str:
        value = (self.mfa or {}).get(field)
        return value if isinstance(value, str) else ""


@endpoint("POST", "/oauth/mfa/verify", auth=public())
def verify(request: Request, answer: Flat[Answer]) -> Html | Annotated[Html, As(401, 429)] | Redirect:
    """Finish signing in: send the browser to the app's address with a code, or show the code."""
    mfa_token, uri, state = answer.text("mfa_token"), answer.text("redirect_uri"), answer.text("state")
    kind = answer.text("challenge_type")
    try:
        with counting_failures(AUTHENTICATION, request.ip):
            code = second_factor.authorize(mfa_token, kind or second_factor.TOTP, answer.text("code"), uri)
    except (BadRequest, Throttled) as refusal:
        fault = pages.THROTTLED if isinstance(refusal, Throttled) else pages.FAILED
        status = 429 if isinstance(refusal, Throttled) else 401
        return sign_in_page(second_step(mfa_token, uri, state, kind=kind, fault=fault), status)
    return code_reply(uri, code, state)
