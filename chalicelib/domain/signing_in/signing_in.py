"""Signing in: from what a request carries to the account that asks.

There are four ways, tried in the order in which `web/auth.py` reads them: token as parameter, as header, in the cookie,
and name with password. An account that is not active counts as nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...store.accounts.accounts import Account, Secret, ViewerSet
from ...store.dynamo.keys import Key
from ...store.signing_in import sessions, tokens
from ...store.signing_in.tokens import Token
from ..viewer import Viewer
from . import passwords


@dataclass(frozen=True)
class Credentials:
    """What the request carries: a token, or a name and a password, or both. The token is tried first."""

    token: str | None = None
    basic: tuple[str, str] | None = None


@dataclass(frozen=True)
class Caller:
    """Who calls: a viewer, an app by itself, or nobody.

    `needs_mfa`: the password was right, but an account with MFA needs a token.
    """

    viewer: Viewer | None = None
    app_token: Token | None = None
    scopes: tuple[str, ...] | None = ()
    needs_mfa: bool = False


NOBODY = Caller()


Expected = Callable[[str], Iterable[Key]]
"""Given the caller's account id: what the request will read first."""


def authenticate(credentials: Credentials, expected: Expected | None = None) -> Caller:
    """Who calls; found in one round of reads for a token, two for a password. Never refuses: others are nobody."""
    caller = _by_token(credentials.token, expected) if credentials.token else NOBODY
    if caller.viewer is None and caller.app_token is None and credentials.basic:
        return _by_password(*credentials.basic)
    return caller


def note_use(caller: Caller) -> None:
    """Keep the day on which a token was used, for its owner to see. Of an app's own token nobody asks."""
    if caller.viewer is not None and caller.viewer.token is not None:
        tokens.use(caller.viewer.token)


def _by_token(text: str, expected: Expected | None) -> Caller:
    session = sessions.find_by_token(text, expected)
    if session.token is None or session.token.expired:
        return NOBODY
    account, token = session.account, session.token
    if token.is_of_app:
        return Caller(app_token=token, scopes=token.scope_list)
    viewer = viewer_of(account, session.hides, token)
    return NOBODY if viewer is None else Caller(viewer, scopes=token.scope_list)


def viewer_of(account: Account | None, hides: ViewerSet, token: Token | None) -> Viewer | None:
    """Who has a token. None: it is over, or its account is not active."""
    if account is None or token is None or not is_alive(account, token):
        return None
    return Viewer(account, hides, token, token.scope_list)


def is_alive(account: Account | None, token: Token | None) -> bool:
    """Whether a token works: it is not over, and its account is active."""
    if token is None or token.expired or account is None or account.status != "active":
        return False
    return bool(token.generation == account.token_generation)


def _by_password(name: str, password: str) -> Caller:
    found = sessions.find_by_name(name)
    if not passwords.fits(password, found.secret) or found.account is None or found.account.status != "active":
        return NOBODY
    if mfa_enabled(found.secret):
        return Caller(needs_mfa=True)
    return Caller(Viewer(found.account, found.hides, None, None), scopes=None)


def mfa_enabled(secret: Secret | None) -> bool:
    return bool(secret is not None and secret.mfa and secret.mfa.get("enabled"))
