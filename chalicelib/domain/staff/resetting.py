"""Demanding new passwords. A job does it: from then on, nothing that an account holds opens anything."""

from __future__ import annotations

from collections.abc import Sequence

from ...queues import queue
from ...queues.accounts import ForcePasswordReset
from ...queues.messages import outbox
from ...store.staff import asking
from .. import lookup
from . import log
from .acting import Administrator

AT_ONCE = 80
"""A transaction has a hundred items, and the log takes some of them."""


def force(names: Sequence[str], admin: Administrator) -> None:
    """Demand new passwords of these accounts. Raises NotFound if one is unknown; then nothing is asked of any."""
    every = lookup.get_all_here(names)
    for start in range(0, len(every), AT_ONCE):
        accounts = every[start:start + AT_ONCE]
        wanted = [ForcePasswordReset(account.id, int(account.token_generation)) for account in accounts]
        asking.ask(map(outbox, wanted), log.forced_password_reset(admin, accounts))
        queue.send_all(wanted)
