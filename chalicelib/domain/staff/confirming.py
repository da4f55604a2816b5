"""Confirming addresses in place of their owners, and sending the letters of confirmation again."""

from __future__ import annotations

from collections.abc import Sequence

from ...ids import new_flake
from ...queues import queue
from ...queues.messages import outbox
from ...queues.notifications import Mail
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.staff import asking
from .. import lookup
from ..accounts.arrivals import confirm_all, is_unconfirmed
from ..mail import mailing
from . import log
from .acting import Administrator
from .changing import change, those

AT_ONCE = 80
"""Letters. A transaction has a hundred items, and the log takes some of them."""


def confirm(names: Sequence[str], admin: Administrator) -> list[Account]:
    """Count the addresses of these accounts as confirmed. Those that were pending go on as if they had done it.

    Answers all of them. Raises NotFound if one is unknown; then nothing is done.
    """
    every = lookup.get_all_here(names)
    change(every, those(is_unconfirmed), lambda pending: confirm_all(pending, log.confirmed_email(admin, pending)))
    return every


def resend(names: Sequence[str], admin: Administrator) -> list[Account]:
    """Send each of these accounts the letter of confirmation, whether or not it is pending. Answers the accounts.

    Raises NotFound if one is unknown; then nothing is sent.
    """
    every = lookup.get_all_here(names)
    for start in range(0, len(every), AT_ONCE):
        accounts = every[start:start + AT_ONCE]
        letters = [Mail(new_flake(), mailing.CONFIRMATION, account.id, {"anyway": "yes"}) for account in accounts]
        wanted = letters if settings.mail else []
        asking.ask(map(outbox, wanted), log.resent_confirmation_email(admin, accounts))
        queue.send_all(wanted)
    return every
