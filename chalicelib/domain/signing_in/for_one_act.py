"""Signing in for a single act on a page: with name and password, and a second factor if there is one. No token is made.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...settings import settings
from ...store import ephemeral
from ...store.accounts import accounts
from ...store.signing_in import sessions, tokens
from ...store.signing_in.mfa import MFA_TOKEN
from ..refusals import BadRequest
from ..viewer import Viewer
from . import passwords, second_factor
from .oauth import LONGEST_NAME, MFA_SECONDS, WRONG, MfaRequired, refuse_inactive
from .second_factor import RECOVERY, TOTP, WrongCode
from .signing_in import mfa_enabled

PURPOSE = "page"
"""Stands where an MFA token has its app, so that it opens nothing else. No app has so short an id."""


def by_password(name: str, password: str) -> Viewer:
    """Raises BadRequest for a wrong password, Forbidden with the reason if the account may not sign in now, and
    MfaRequired if a second factor is wanted.
    """
    return proved(name, password, PURPOSE)


def by_code(mfa_token: str, code: str) -> Viewer:
    """The second step, with a code of the authenticator app or a recovery code. Raises WrongCode and Throttled."""
    account, hides = accounts.find_with_hides(second_factor.prove(mfa_token, *kind_of(code), PURPOSE))
    if account is None:
        raise WrongCode
    return Viewer(account, hides)


def proved(name: str, password: str, purpose: str, scopes: Iterable[str] = ()) -> Viewer:
    """Whose name and password these are. Raises the same as `by_password`.

    `purpose` and `scopes`: what a first step is for that waits for the second factor.
    """
    session = sessions.find_by_name(name if len(name) <= LONGEST_NAME else "")
    if not passwords.fits(password, session.secret) or session.account is None:
        raise BadRequest(WRONG)
    refuse_inactive(session.account)
    if mfa_enabled(session.secret):
        token = tokens.random_token()
        ephemeral.keep(MFA_TOKEN, token, {
            "account": session.account.id, "app": purpose, "scopes": list(scopes),
            "gen": int(session.account.token_generation),
        }, MFA_SECONDS)
        raise MfaRequired(token)
    return Viewer(session.account, session.hides)


def kind_of(code: str) -> tuple[str, str]:
    """Whether it is a code of the authenticator app or a recovery code, and the code without blanks."""
    typed = "".join(code.split())
    return (TOTP if typed.isdigit() and len(typed) == settings.totp_digits else RECOVERY), typed
