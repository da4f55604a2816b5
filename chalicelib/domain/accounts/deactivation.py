"""Deactivating an account, and activating it again.

A deactivated account is hidden everywhere: whatever shows accounts or statuses asks for that. A job takes it out of the
*counts* of others. Its own follows end for good. Its tokens and everything else are kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from ...ids import new_flake
from ...queues import queue
from ...queues.accounts import AccountDisable, AccountEnable
from ...queues.messages import Message, outbox
from ...store import jobs
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.leaving import deactivation
from ...store.relationships import follows
from ...store.relationships.relations import Pair
from ...store.staff.log import LoggedAct
from .. import events
from ..event_types.accounts import AccountUnfollowed
from ..event_types.streaming import TokensEnded
from ..retrying import expect, retried, retried_from
from .deletion import ITEMS_PER_RUN, SECONDS_PER_RUN, Unfinished

AT_A_TIME = 8


def begin(account_id: str) -> None:
    """Ask for the account to be deactivated. It works as before until the job has run."""
    message = AccountDisable(account_id)
    jobs.add([outbox(message)])
    queue.send(message)


def disable(account_id: str) -> bool:
    """Deactivate the account at once. False if it was deactivated already. A job does what follows."""
    return _change_one(account_id, is_active, disable_all)


def enable(account_id: str) -> bool:
    """Activate a deactivated account, with its tokens and followers. Its own follows have ended.

    False if it was active, or has been deleted. A job does what follows.
    """
    return _change_one(account_id, may_return, enable_all)


def _change_one(account_id: str, is_due: Callable[[Account], bool], change: Callable[[list[Account]], None]) -> bool:
    def attempt() -> bool:
        account = accounts.find(account_id)
        if account is None or not is_due(account):
            return False
        change([account])
        return True

    return retried(attempt)


def is_active(account: Account) -> bool:
    """Whether it can be deactivated."""
    return not account.deactivated


def may_return(account: Account) -> bool:
    """Whether it can be activated: an account that was deleted is gone for good."""
    return bool(account.deactivated) and not account.deleted


def disable_all(active: Sequence[Account], entry: LoggedAct | None = None) -> None:
    """Deactivate these active accounts at once, all or none, with the entry of the moderation log. Raises Overtaken."""
    messages = [AccountDisable(account.id) for account in active]
    deactivation.deactivate(active, jobs=map(outbox, messages), entry=entry,
                            instead_of=[AccountEnable(account.id).job for account in active])
    queue.send_all(messages)
    events.tell(*(TokensEnded(account.id) for account in active))


def enable_all(inactive: Sequence[Account], entry: LoggedAct | None = None) -> None:
    """Activate these inactive accounts, all or none, with the entry of the moderation log. Raises Overtaken."""
    messages = [AccountEnable(account.id) for account in inactive]
    deactivation.activate(inactive, jobs=map(outbox, messages), entry=entry,
                          instead_of=[AccountDisable(account.id).job for account in inactive])
    queue.send_all(messages)


def go_on_disabling(account_id: str) -> Unfinished | int:
    """Deactivate the account and take it out of counts, from the cursor in the job row."""
    if not retried(lambda: _disabled(account_id)):
        return 0
    return _go_on(AccountDisable(account_id), account_id, _leave_out, deactivation.hide_reactions)


def _disabled(account_id: str) -> bool:
    """Deactivate the account for the job that asks for it. False if the job was cancelled, or the account is gone."""
    account = accounts.find(account_id)
    if account is None or account.deactivated:
        return account is not None
    job = AccountDisable(account_id).job
    if not jobs.find_many([job]):
        return False
    deactivation.deactivate([account], asked_by=job)
    events.tell(TokensEnded(account_id))
    return True


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
