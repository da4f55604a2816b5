"""Changing several accounts: what administrators do with a list of names.

An unknown name refuses the whole list, and nothing has changed then. Accounts for which nothing is to be done pass
through, and are not in the moderation log. A list that is longer than a transaction is done in portions. Each portion
is whole or not at all, and has its own entry in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ..retrying import retried_from

AT_ONCE = 25
"""Accounts in a transaction: each takes up to three items of a hundred; counters and log take a dozen."""
Known = list[Account]


def change(named: Sequence[Account], choose: Callable[[Known], Known], write: Callable[[Known], None]) -> None:
    """Do something to accounts. `choose` says for which of them it is to be done, and `write` does it.

    `write` raises Overtaken if one of them has changed since it was read. Then they are read and chosen again.
    """
    for start in range(0, len(named), AT_ONCE):
        _change(list(named[start:start + AT_ONCE]), choose, write)


def _change(portion: Known, choose: Callable[[Known], Known], write: Callable[[Known], None]) -> None:
    def attempt(known: Known) -> None:
        chosen = choose(known)
        if chosen:
            write(chosen)

    ids = [account.id for account in portion]

    def again() -> Known:
        found = accounts.find_many(ids, strong=True)
        return [found[id] for id in ids if id in found]

    retried_from(portion, attempt, again)


def those(is_due: Callable[[Account], bool]) -> Callable[[Known], Known]:
    """Choose the accounts that this is true of."""
    return lambda known: [account for account in known if is_due(account)]
