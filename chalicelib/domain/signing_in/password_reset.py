"""A new password for people who lost theirs: a letter with a link, and the page behind it.

The link's *token* works once, for a day, and only while the old password lasts. With the new password, every token and
code of the account ends, and so do all its links.
"""

from __future__ import annotations

from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.signing_in import password_resets as store
from .. import events
from ..event_types.streaming import TokensEnded
from ..mail import letters, mailing
from ..refusals import NotFound
from . import passwords

LONGEST_TOKEN = 200


def ask(name: str | None) -> None:
    """Send a link to the account with this address or nickname. Neither reply nor time tells whether there is one."""
    mailing.ask_named(mailing.PASSWORD_RESET, name)


def link_for(account: Account) -> tuple[str, str]:
    """A fresh token of the account and its link, for an administrator to hand over.

    Raises NotFound("Not found") for an account of another server: its password is not kept here.
    """
    if account.host:
        raise NotFound("Not found")
    token = store.add(account, settings.password_reset_token_validity)
    return token, letters.password_reset_url(token)


def find_account(token: str) -> Account | None:
    """The account of a valid token. None if the token is unknown, used, expired, or from before another password."""
    return _found(token)[0]


def _found(token: str) -> tuple[Account | None, int]:
    """The account of a valid token, and the `token_generation` that the token was made in."""
    account, generation = store.find_account(token) if 0 < len(token) <= LONGEST_TOKEN else (None, 0)
    if account is None or account.deleted or account.host or account.token_generation != generation:
        return None, generation
    return account, generation


def reset(token: object, password: object, confirmation: object) -> bool:
    """Set the password that was given twice. False if nothing changed: then the token still works."""
    if not (isinstance(token, str) and isinstance(password, str)) or password != confirmation or not password.strip():
        return False
    account, generation = _found(token)
    if account is None or not store.spend(token, account.id, generation, passwords.hashed(password)):
        return False
    events.tell(TokensEnded(account.id))
    return True


def force(account_id: str, generation: int) -> bool:
    """Refuse everything that the account holds until it has a new password.

    False: no such account of this server, or it has had a new password since its tokens were of this generation.
    """
    if not store.demand(account_id, generation):
        return False
    events.tell(TokensEnded(account_id))
    return True
