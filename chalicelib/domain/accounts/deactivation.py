"""Deactivating an account, and activating it again.

A deactivated account is hidden everywhere: whatever shows accounts or statuses asks for that. A job takes it out of the
*counts* of others. Its own follows end for good. Its tokens and everything else are kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ...ids import new_flake
from ...queues import queue
from ...queues.messages import AccountDisable, AccountEnable, Message, outbox
from ...store import jobs
from ...store.accounts import accounts
from ...store.dynamo.parallel import together
from ...store.leaving import deactivation
from ...store.relationships import follows
from ...store.relationships.relations import Pair
from .. import events
from ..event_types import AccountUnfollowed
from ..retrying import expect, retried_from
from .deletion import ITEMS_PER_RUN, SECONDS_PER_RUN, Unfinished

AT_A_TIME = 8


def begin(account_id: str) -> None:
    """Ask for the account to be deactivated. It works as before until the job has run."""
    message = AccountDisable(account_id)
    jobs.add([outbox(message)])
    queue.send(message)


def disable(account_id: str) -> bool:
    """Deactivate the account at once. False if it was deactivated already. A job does what follows."""
    message = AccountDisable(account_id)
    other = AccountEnable(account_id)
    if not deactivation.deactivate(account_id, job=outbox(message), instead_of=other.job):
        return False
    queue.send(message)
    return True


def enable(account_id: str) -> bool:
    """Activate a deactivated account, with its tokens and followers. Its own follows have ended.

    False if it was active, or has been deleted. A job does what follows.
    """
    message = AccountEnable(account_id)
    other = AccountDisable(account_id)
    if not deactivation.activate(account_id, job=outbox(message), instead_of=other.job):
        return False
    queue.send(message)
    return True


def go_on_disabling(account_id: str) -> Unfinished | int:
    """Deactivate the account and take it out of counts, from the cursor in the job row."""
    deactivation.deactivate(account_id, asked_by=AccountDisable(account_id).job)
    if not _is_deactivated(account_id):
        return 0
    return _go_on(AccountDisable(account_id), account_id, _leave_out, deactivation.hide_reactions)


def go_on_enabling(account_id: str) -> Unfinished | int:
    """Count the account again, from the cursor in the job row."""
    if _is_deactivated(account_id):
        return 0
    return _go_on(AccountEnable(account_id), account_id, deactivation.count_in, deactivation.show_reactions)


def _is_deactivated(account_id: str) -> bool:
    account = accounts.find(account_id)
    return account is not None and bool(account.deactivated)


def _go_on(message: Message, account_id: str, change: Callable[[Pair], None],
           change_marks: Callable[[list[Any]], list[Any]]) -> Unfinished | int:
    """Change all pairs, then all marks, page by page from the cursor in the job row. Answers how many, at the end."""
    row = jobs.find(message.job)
    cursor: dict[str, Any] = (row.cursor if row is not None else None) or {"part": "pairs", "after": None}
    end, items = time.monotonic() + SECONDS_PER_RUN, 0
    while cursor["part"] != "end":
        if cursor["part"] == "pairs":
            pairs = deactivation.pairs(account_id, cursor["after"])
            for start in range(0, len(pairs), AT_A_TIME):
                together(*[lambda pair=pair: _change_pair(pair, change) for pair in pairs[start:start + AT_A_TIME]])
            count, last, following = len(pairs), pairs[-1].mine.other if pairs else None, "marks"
        else:
            marks = deactivation.marks(account_id, cursor["after"])
            _change_marks(marks, change_marks)
            count, last, following = len(marks), marks[-1].status_id if marks else None, "end"
        items += count
        cursor = {"part": cursor["part"], "after": last} if count else {"part": following, "after": None}
        jobs.save_cursor(message.job, cursor)
        if items >= ITEMS_PER_RUN or time.monotonic() > end:
            return Unfinished(items)
    return items


def _change_pair(pair: Pair, change: Callable[[Pair], None]) -> None:
    retried_from(pair, change, lambda: deactivation.pair(pair.mine.me, pair.mine.other))


def _leave_out(pair: Pair) -> None:
    """End the account's own follow as any other, then take the account out of the other's counts. Raises Overtaken."""
    me, other = pair.mine.me, pair.mine.other
    if pair.mine.follows:
        event = AccountUnfollowed(me, other, new_flake())
        follows.unfollow(pair, events.owed(event))
        events.tell(event)
        pair = deactivation.pair(me, other)
    deactivation.leave_out(pair)


def _change_marks(marks: list[Any], change: Callable[[list[Any]], list[Any]]) -> None:
    """Change all marks. `change` answers those that another request was changing just now. They are read again."""
    left: list[Any] = []

    def attempt(known: list[Any]) -> None:
        nonlocal left
        left = change(known)
        expect(not left)

    retried_from(marks, attempt, lambda: deactivation.again(left))
