"""The pages for signing in to an app: the form, what is wrong with its request, and the code to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ..domain.signing_in import scopes
from ..domain.signing_in.apps import App
from ..domain.signing_in.oauth import Authorization
from .engine import rendered
from .notices import WayOn, notice
from .scope_words import is_of_staff

HOME = WayOn("/", "Front page")


def sign_in(wanted: Authorization, app: App, sent: Mapping[str, str], *, signed_in_as: str | None = None,
            fault: str = "") -> str:
    """The form. People who are signed in only have to approve. `sent`: response_type, state and name."""
    kept = {
        "client_id": wanted.client_id, "response_type": sent["response_type"], "redirect_uri": wanted.redirect_uri,
        "state": sent["state"],
        **({"code_challenge": wanted.challenge, "code_challenge_method": wanted.challenge_method}
           if wanted.challenge else {}),
    }
    offered = _offered(app, wanted.scopes)
    asked = {**kept, "scope": " ".join(wanted.scopes or ()), "force_login": "true"}
    return rendered(
        "signing_in/authorize.html",
        title="Sign in" if signed_in_as is None else "Authorize",
        fault=fault, app=app,
        signed_in_as=signed_in_as, name=sent["name"],
        offered=[scope for scope in offered if not is_of_staff(scope)],
        of_staff=[scope for scope in offered if is_of_staff(scope)],
        ticked=app.scope_list if wanted.scopes is None else wanted.scopes,
        kept={f"authorization[{field}]": value for field, value in kept.items()},
        as_somebody_else="/oauth/authorize?" + urlencode({key: value for key, value in asked.items() if value},
                                                         errors="replace"),
    )


def unknown_app() -> str:
    return notice("This app is not known here.", "Nobody has registered it at this server, or it is gone. Sign out in "
                  "the app and begin again: it then registers anew.", HOME)


def unknown_address() -> str:
    return notice("This app is not set up for this address.", "It would send you to an address that it has not "
                  "registered, which could be somebody else's. Tell the people who make the app.", HOME)


def unknown_scope() -> str:
    return notice("This app asks for more than it may.", "It asks for a scope that it has not registered. Tell the "
                  "people who make the app.", HOME)


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
