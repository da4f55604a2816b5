"""The pages for signing in: the form, and the code to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...domain.signing_in import scopes
from ...domain.signing_in.apps import App
from ...domain.signing_in.oauth import Authorization
from . import Safe, fragment, hidden, joined, page


def sign_in(wanted: Authorization, app: App | None, sent: Mapping[str, str], *, signed_in_as: str | None = None,
            fault: str = "") -> str:
    """The form. People who are signed in only have to approve. `sent`: response_type, state and name."""
    signing_in = signed_in_as is None
    kept = {
        "client_id": wanted.client_id, "response_type": sent["response_type"], "redirect_uri": wanted.redirect_uri,
        "state": sent["state"],
        **({"code_challenge": wanted.challenge, "code_challenge_method": wanted.challenge_method}
           if wanted.challenge else {}),
    }
    asked = fragment("credentials", name=sent["name"])
    return page(
        "sign_in", "Sign in" if signing_in else "Authorize",
        fault=_fault(fault),
        application=fragment("application", name=app.name) if app else Safe(),
        person=asked if signed_in_as is None else fragment("signed_in_as", name=signed_in_as),
        scopes=_scopes(app, wanted.scopes) if app else Safe(),
        hidden=joined(hidden(f"authorization[{field}]", value) for field, value in kept.items()),
        action="Sign in" if signing_in else "Approve",
    )


def _scopes(app: App, wanted: Sequence[str] | None) -> Safe:
    """A box for each scope of the app, and for narrower ones that were asked for."""
    narrower = [scope for scope in wanted or () if scopes.covers(app.scope_list, scope)]
    offered = dict.fromkeys([*app.scope_list, *narrower])
    ticked = app.scope_list if wanted is None else wanted
    return fragment("scopes", boxes=joined(
        fragment("scope", scope=scope, ticked=Safe(" checked") if scope in ticked else Safe()) for scope in offered
    ))


def authorized(code: str) -> str:
    return page("shown_secret", "Successfully authorized",
                explanation="Copy this code into the application that asked for it. It is good for ten minutes.",
                secret=code)


def authorization_exists(access_token: str) -> str:
    return page("shown_secret", "Authorization exists",
                explanation="The application has access to your account already. Its access token is:",
                secret=access_token)


def _fault(text: str) -> Safe:
    return fragment("fault", text=text) if text else Safe()
