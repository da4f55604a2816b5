"""Staff: who runs the instance. Whoever has access to its tables appoints the first administrator."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial

from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.staff import appointing as store
from ..accounts import registration
from ..refusals import Unacceptable
from ..retrying import retried
from ..signing_in import password_reset


@dataclass(frozen=True)
class Appointed:
    """An administrator, and the link to choose a password. No link if the password was given."""

    account: Account
    is_new: bool
    link: str | None


def appoint(nickname: str, email: str | None, password: str | None = None) -> Appointed:
    """Make this account an administrator, and make the account if there is none. May be repeated.

    An existing account keeps its address. A given password replaces its password, and its tokens end. Raises Invalid
    for a name or address that is malformed or taken, Unacceptable for an account that is deactivated, deleted or of
    another server.
    """
    if password is not None and not password.strip():
        raise Unacceptable("This password will not do")
    account, is_new = accounts.find_by_nickname(nickname), False
    if account is None:
        account, is_new = _made(nickname, email)
    if not retried(partial(_appoint, account.id)):
        raise Unacceptable(f"{account.nickname} is deactivated, or not an account of this server")
    token, link = password_reset.link_for(account)
    if password is not None:
        if not password_reset.reset(token, password, password):
            raise Unacceptable("The password was changed meanwhile")
        link = ""
    return Appointed(account, is_new, link or None)


def _appoint(account_id: str) -> bool:
    account = accounts.find(account_id)
    if account is None or account.host or account.deactivated or account.deleted:
        return False
    store.appoint(account)
    return True


def _made(nickname: str, email: str | None) -> tuple[Account, bool]:
    """A new administrator with a password that nobody knows, and whether this call made it."""
    try:
        return registration.create_account(nickname, secrets.token_urlsafe(32), email, is_admin=True), True
    except registration.Invalid:
        account = accounts.find_by_nickname(nickname)  # somebody else was faster
        if account is None:
            raise
        return account, False
