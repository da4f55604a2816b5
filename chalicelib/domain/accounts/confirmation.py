"""Confirming an e-mail address by the link of a letter. The letter can be sent again."""

from __future__ import annotations

from functools import partial
from hmac import compare_digest

from ...store.accounts import arrivals as store
from ...store.signing_in import sessions
from ..mail import mailing
from ..refusals import NotFound
from ..retrying import expect, retried
from .arrivals import message_for, take_step

WRONG = "Something went wrong"


def confirm(account_id: str, token: str) -> None:
    """Mark the address as confirmed. Raises NotFound: no such account, or another token. Each token works once."""
    retried(lambda: _confirm(account_id, token))


def _confirm(account_id: str, token: str) -> None:
    found = sessions.find_by_id(account_id)
    account, held = found.account, found.secret.confirm_token if found.secret is not None else None
    if account is None or not _same(token, held):
        raise NotFound(WRONG)
    if not account.confirmation_pending:  # an administrator had the letter sent all the same
        expect(store.spend_token(account.id, token))
        return
    expect(take_step(message_for(account, confirmed=True), partial(store.confirm, account, token)))


def _same(token: str, held: str | None) -> bool:
    return compare_digest(token.encode("utf-8", "replace"), (held or "").encode()) and bool(held)


def resend(name: str | None) -> None:
    """Send the letter again to the account with this address or nickname, if it still has to be confirmed."""
    mailing.ask_named(mailing.CONFIRMATION, name)
