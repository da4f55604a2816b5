"""Deleting an account: it is hidden from everybody at once, then deleted step by step, until only its name is kept.

The steps stand in a list. Each step finds what is left of one kind, a page at a time. So a run may end anywhere, and
the next one goes on: the job row keeps the name of the step. `docs/data-model.md` says what is deleted and what stays.

There is a pause between *closing* the account and deleting what it has written. Requests and fan-outs that were running
when it closed have ended by then, so they cannot write anything afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...queues.accounts import AccountDelete, UnblockAccount, UnmuteAccount
from ...queues.statuses import ExpireStatus, PublishScheduled, UnmuteThread
from ...settings import settings
from ...store import jobs
from ...store.accounts import accounts
from ...store.accounts.accounts import Account, ViewerSet
from ...store.leaving import deleted_statuses, deletion, with_others
from ...store.staff import reports
from ...store.staff.log import LoggedAct
from ...store.statuses import scheduled
from .. import events
from ..backups import building
from ..event_types.accounts import AccountDeleted
from ..event_types.streaming import TokensEnded
from ..federation.delivering import deleting as telling
from ..federation.delivering.gathering import HowFar
from ..retrying import retried
from ..search import index
from . import birthdays

ITEMS_PER_RUN = 500
SECONDS_PER_RUN = 60.0
ENTRIES_PER_PAGE = 50
TELL, CLOSE, PAUSE = "tell", "close", "pause"


@dataclass(frozen=True)
class Unfinished:
    """There is more to do in `delay` seconds. `items` have been done in this run."""

    items: int
    delay: float = 0


def begin(*account_ids: str) -> None:
    """Ask for accounts to be deleted. They work as before until the jobs have run."""
    happened = [AccountDeleted(id) for id in account_ids]
    jobs.add(events.owed(*happened))
    events.tell(*happened)


def find_asked(known: Iterable[Account]) -> set[str]:
    """The ids of those accounts whose deletion was asked for, or done."""
    by_job = {job.id: account.id for account in known for job in events.owed(AccountDeleted(account.id))}
    asked = {by_job[id] for id in jobs.find_many(by_job)}
    return asked | {account.id for account in known if account.deleted}


def begin_all(known: Sequence[Account], entry: LoggedAct) -> None:
    """Let these accounts be deleted, all or none, with the entry of the moderation log. Raises Overtaken.

    They are deactivated at once, so that their tokens are worth nothing while the jobs are on the way.
    """
    happened = [AccountDeleted(account.id) for account in known]
    deletion.ask(known, events.owed(*happened), entry)
    events.tell(*happened)


def go_on(account_id: str) -> Unfinished | int:
    """Go on with a deletion from the step in its job row. Answers how many items were done, at the end."""
    message = AccountDelete(account_id)
    row = jobs.find(message.job)
    cursor: dict[str, Any] = (row.cursor if row is not None else None) or {}
    end = time.monotonic() + SECONDS_PER_RUN
    items = 0
    for name in _from(cursor.get("step", TELL)):
        if name == PAUSE:
            left = cursor.get("until", 0) - time.time()
            if left > 0:
                return Unfinished(items, left)
        while handled := STEPS[name](account_id):
            items += handled
            if items >= ITEMS_PER_RUN or time.monotonic() > end:
                return Unfinished(items)
        following = _from(name)[1:]
        if following:
            cursor = _begins(following[0])
            jobs.save_cursor(message.job, cursor)
    return items


def _from(name: str) -> list[str]:
    """The steps from this one on. All of them if no step has this name: an older version may have named it so."""
    names = list(STEPS)
    return names[names.index(name):] if name in STEPS else names


def _begins(name: str) -> dict[str, Any]:
    return {"step": name} | ({"until": int(time.time()) + settings.deletion_pause} if name == PAUSE else {})


# The steps. Each does a page and answers how many items that were. None: the step is done.


def _once(work: Callable[[str], None]) -> Callable[[str], int]:
    def step(account_id: str) -> int:
        work(account_id)
        return 0

    return step


def _of_profile(work: Callable[[Account], None]) -> Callable[[str], int]:
    def step(account_id: str) -> int:
        account = accounts.find(account_id)
        if account is not None:
            work(account)
        return 0

    return step


def _find_no_more(account: Account) -> None:
    index.remove_account(account)
    birthdays.remove(account)


def _tell(account_id: str) -> None:
    telling.tell_of_account(account_id, HowFar(AccountDelete(account_id).job, {"step": TELL}))


def _close(account_id: str) -> None:
    retried(lambda: deletion.close(account_id))
    events.tell(TokensEnded(account_id))


def _unwind(account_id: str) -> int:
    def timers(other: str, hides: ViewerSet) -> list[str]:
        return [kind(other, account_id, int(until)).job for kind, ends in _ends(hides)
                if (until := ends.get(account_id)) is not None]

    return deletion.unwind(account_id, timers)


def _ends(hides: ViewerSet) -> list[tuple[type[UnmuteAccount | UnblockAccount], dict[str, Any]]]:
    """The kinds of jobs that end what an account hides for a while, and by whom it hides, when they do."""
    return [(UnmuteAccount, dict(hides.muted_until or {})), (UnblockAccount, dict(hides.blocked_until or {}))]


def _erase_statuses(account_id: str) -> int:
    return retried(lambda: deleted_statuses.erase(account_id, timer=lambda id: ExpireStatus(id).job))


def _cancel_scheduled(account_id: str) -> int:
    """Remove scheduled statuses, and the jobs that would post them."""
    entries = scheduled.list_of(account_id, above=None, below=None, ascending=True, limit=ENTRIES_PER_PAGE)
    jobs.cancel(PublishScheduled(account_id, entry.id, int(entry.due)).job for entry in entries)
    for entry in entries:
        scheduled.remove(entry)
    return len(entries)


def _cancel_unmutes(account_id: str) -> None:
    """Cancel the jobs that would end mutes and blocks of the account, which are deleted with its other items."""
    _, hides = accounts.find_with_hides(account_id)
    jobs.cancel([
        *(UnmuteThread(account_id, id, int(until)).job for id, until in dict(hides.muted_threads_until or {}).items()),
        *(kind(account_id, id, int(until)).job for kind, ends in _ends(hides) for id, until in ends.items()),
    ])


def _end(account: Account) -> None:
    """Delete the account's last item. An account of another server, and one that was never approved or confirmed,
    keeps not even its name.
    """
    was_pending = account.approval_pending or (account.confirmation_pending and settings.account_activation_required)
    deletion.end(account.id, entirely=bool(was_pending or account.host))


def _wipe_parts(account_id: str) -> int:
    return deletion.wipe_parts(account_id, keeps_keys=telling.keeps_keys(account_id))


STEPS: dict[str, Callable[[str], int]] = {
    TELL: _once(_tell),
    CLOSE: _once(_close),
    "pairs": _unwind,
    PAUSE: _once(lambda account_id: None),
    "late pairs": _unwind,
    "statuses": _erase_statuses,
    "reblogs": deleted_statuses.erase_reblogs,
    "marks": with_others.take_back_marks,
    "conversations": with_others.leave_conversations,
    "chats": with_others.leave_chats,
    "lists": deletion.wipe_lists,
    "memberships": _once(deletion.leave_lists),
    "scheduled": _cancel_scheduled,
    "unmutes": _once(_cancel_unmutes),
    "media": deletion.wipe_media,
    "pictures": _of_profile(deletion.wipe_pictures),
    "backups": _once(building.wipe_all),
    "folders": _once(deletion.wipe_folders),
    "words": _of_profile(_find_no_more),
    "reports": _once(deletion.take_reports),
    "filed": reports.forget_filed,
    "own": deletion.wipe_own,
    "parts": _wipe_parts,
    "end": _of_profile(_end),
}
