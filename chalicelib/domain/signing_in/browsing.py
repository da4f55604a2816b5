"""Signing a browser in to the pages of this server: with name and password, and a second factor if there is one.

The session is a token like any other, but of no app: PAGES stands in its place.
"""

from __future__ import annotations

from ...store.accounts import accounts, users
from ...store.signing_in import tokens
from .. import events
from ..event_types.streaming import TokensEnded
from ..viewer import Viewer
from . import for_one_act, second_factor
from .oauth import Granted

PAGES = "web"
"""Stands where a token has its app. No app has so short an id."""
NAME = "Web browser"
"""What people see in place of the name of an app."""
SCOPES = ("read", "write", "follow", "push")


def by_password(name: str, password: str) -> Granted:
    """Raises BadRequest for a wrong password, Forbidden with the reason if the account may not sign in now, and
    MfaRequired if a second factor is wanted.
    """
    account = for_one_act.proved(name, password, PAGES, SCOPES).account
    return Granted(tokens.issue(account.id, PAGES, SCOPES, int(account.token_generation)), account)


def by_code(mfa_token: str, code: str) -> Granted:
    """The second step, with a code of the authenticator app or a recovery code. Raises WrongCode and Throttled."""
    return second_factor.grant_to_pages(mfa_token, *for_one_act.kind_of(code), PAGES)


def go_on(viewer: Viewer) -> Granted | None:
    """A session in place of the viewer's, which has ended with all others. None: the account has ended too."""
    account = accounts.find(viewer.id)
    if account is None or account.status != "active" or viewer.token is None:
        return None
    return Granted(tokens.issue(account.id, viewer.token.app, viewer.token.scope_list,
                                int(account.token_generation)), account)


def end_others(viewer: Viewer) -> Granted | None:
    """End every token and code of the account. Answers a session in place of the viewer's."""
    if not users.end_tokens(viewer.id):
        return None
    events.tell(TokensEnded(viewer.id))
    return go_on(viewer)
