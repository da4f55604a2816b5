"""The pages for signing in: the form, and the code to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..domain.signing_in import scopes
from ..domain.signing_in.apps import App
from ..domain.signing_in.oauth import Authorization
from .engine import rendered


def sign_in(wanted: Authorization, app: App | None, sent: Mapping[str, str], *, signed_in_as: str | None = None,
            fault: str = "") -> str:
    """The form. People who are signed in only have to approve. `sent`: response_type, state and name."""
    kept = {
        "client_id": wanted.client_id, "response_type": sent["response_type"], "redirect_uri": wanted.redirect_uri,
        "state": sent["state"],
        **({"code_challenge": wanted.challenge, "code_challenge_method": wanted.challenge_method}
           if wanted.challenge else {}),
    }
    return rendered(
        "signing_in/authorize.html",
        title="Sign in" if signed_in_as is None else "Authorize",
        fault=fault,
        app_name=app.name if app else None,
        signed_in_as=signed_in_as, name=sent["name"],
        offered=_offered(app, wanted.scopes) if app else (),
        ticked=(app.scope_list if app else ()) if wanted.scopes is None else wanted.scopes,
        kept={f"authorization[{field}]": value for field, value in kept.items()},
    )


def _offered(app: App, wanted: Sequence[str] | None) -> list[str]:
    """The scopes with a box: those of the app, and narrower ones that were asked for."""
    narrower = [scope for scope in wanted or () if scopes.covers(app.scope_list, scope)]
    return list(dict.fromkeys([*app.scope_list, *narrower]))


def authorized(code: str) -> str:
    return rendered("signing_in/secret.html", title="Successfully authorized", secret=code,
                    explanation="Copy this code into the application that asked for it. It is good for ten minutes.")


def authorization_exists(access_token: str) -> str:
    return rendered("signing_in/secret.html", title="Authorization exists", secret=access_token,
                    explanation="The application has access to your account already. Its access token is:")
