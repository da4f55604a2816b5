"""Apps: OAuth clients. Anybody may register one. Each registration makes a new one."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from ...ids import new_flake
from ...store.signing_in import apps, tokens
from ...store.signing_in.apps import App as App
from ..refusals import BadRequest, NotFound, Unacceptable
from ..viewer import Viewer
from . import scopes

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
RESERVED_NAME = "Mastodon-Local"
DEFAULT_SCOPES = "read"
INVALID = "Invalid credentials"
LONGEST_SCOPE = 2_000


def register(name: str, redirect_uris: str, scope: str | None, website: str | None) -> App:
    """A new app with id and secret. Raises Unacceptable for a blank or reserved name, or blank addresses."""
    if not name.strip() or not redirect_uris.strip():
        raise Unacceptable("can't be blank")
    if name == RESERVED_NAME:
        raise Unacceptable("is reserved")
    wanted = scopes.split(scope or "") or [DEFAULT_SCOPES]
    for text, most in ((name, 1_000), (redirect_uris, 10_000), (" ".join(wanted), LONGEST_SCOPE), (website, 2_000)):
        if text is not None and len(text) > most:
            raise Unacceptable(f"should be at most {most} character(s)")
    return apps.add(App(
        tokens.random_token(), id=new_flake(), secret=tokens.random_token(), name=name, redirect_uris=redirect_uris,
        scopes=" ".join(wanted), website=website,
    ))


def find(client_id: str) -> App | None:
    """The app with this client id."""
    return apps.find(client_id)


def get_of_token(viewer: Viewer) -> App:
    """The app of the viewer's token. Raises NotFound if the viewer signed in by password."""
    app = apps.find(viewer.token.app) if viewer.token is not None else None
    if app is None:
        raise NotFound
    return app


def check_secret(app: App | None, secret: str) -> App:
    """The app, if this is its secret. Raises BadRequest."""
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode("utf-8", "surrogatepass")):
        raise BadRequest(INVALID)
    return app


def within(app: App, wanted: Iterable[str]) -> bool:
    """Whether scopes are asked for, and the app may have all of them."""
    held, asked = app.scope_list, list(wanted)
    fits = 0 < len(" ".join(asked)) <= LONGEST_SCOPE
    return fits and all(scopes.covers(held, scope) for scope in asked)
