"""Apps: OAuth clients. Anybody may register one. Each registration makes a new one."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from ...ids import new_flake
from ...store.signing_in import apps, tokens
from ...store.signing_in.apps import App as App
from ..refusals import BadRequest, NotFound, Unacceptable
from . import scopes
from .signing_in import Caller

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
NAMES_OF_PLEROMA_FE = ("PleromaFE", "AkkomaFE")
"""How pleroma-fe and akkoma-fe call themselves, before a version and a date."""
RESERVED_NAME = "Mastodon-Local"
DEFAULT_SCOPES = "read"
INVALID = "Invalid credentials"
NO_GRANT = ("The app, its secret or the authorization grant is invalid, expired or revoked, or the grant was issued to "
            "another app or address.")
"""One description for all of it: nobody learns what was wrong."""
LONGEST_SCOPE = 2_000
LONGEST = {"name": 1_000, "redirect_uris": 10_000, "scopes": LONGEST_SCOPE, "website": 2_000}


def register(name: str, redirect_uris: str, scope: str | None, website: str | None) -> App:
    """A new app with id and secret. Raises Unacceptable for a blank or reserved name, or blank addresses."""
    if not name.strip() or not redirect_uris.strip():
        raise Unacceptable("can't be blank")
    wanted = scopes.split(scope or "") or [DEFAULT_SCOPES]
    about = {"name": name, "redirect_uris": redirect_uris, "scopes": " ".join(wanted), "website": website}
    fault = fault_in(about)
    if fault is not None:
        raise Unacceptable(fault)
    return add(about)


def fault_in(about: Mapping[str, Any]) -> str | None:
    """What is wrong with what is said about an app. None: nothing."""
    if about.get("name") == RESERVED_NAME:
        return "is reserved"
    for name, most in LONGEST.items():
        if len(about.get(name) or "") > most:
            return f"should be at most {most} character(s)"
    return None


def add(about: Mapping[str, Any]) -> App:
    """Store a new app, with a fresh id and secret. The id tells whether it is Pleroma's frontend."""
    is_frontend = str(about.get("name") or "").startswith(NAMES_OF_PLEROMA_FE)
    client_id = (tokens.OF_PLEROMA_FE if is_frontend else "") + tokens.random_token()
    return apps.add(App(client_id, id=new_flake(), secret=tokens.random_token(), **about))


def find(client_id: str) -> App | None:
    """The app with this client id."""
    return apps.find(client_id)


def get_of_caller(caller: Caller) -> App:
    """The app of the caller's token. Raises NotFound if somebody signed in by password."""
    token = caller.app_token or (caller.viewer.token if caller.viewer is not None else None)
    app = apps.find(token.app) if token is not None else None
    if app is None:
        raise NotFound
    return app


def is_secret_of(app: App | None, secret: str) -> bool:
    return app is not None and hmac.compare_digest(app.secret.encode(), secret.encode("utf-8", "surrogatepass"))


def check_secret(app: App | None, secret: str) -> App:
    """The app, if this is its secret. Raises BadRequest."""
    if app is None or not is_secret_of(app, secret):
        raise BadRequest(INVALID, error_description=NO_GRANT)
    return app


def within(app: App, wanted: Iterable[str]) -> bool:
    """Whether scopes are asked for, and the app may have all of them."""
    held, asked = app.scope_list, list(wanted)
    fits = 0 < len(" ".join(asked)) <= LONGEST_SCOPE
    return fits and all(scopes.covers(held, scope) for scope in asked)
