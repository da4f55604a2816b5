"""Muted threads. They are in the viewer set, so that filtering a page reads nothing. Some have an end."""

from __future__ import annotations

from typing import Any

from ..accounts.accounts import VIEWER_SET, ViewerSet
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, fetch, transaction, update
from ..jobs import Job
from ..notifications.notifications import THREAD_MUTED, Notification

MOST_UNREAD = 500
MOST_IN_PARALLEL = 8


def add(hides: ViewerSet, thread: str, until: int | None, job: Job | None) -> bool:
    """Mute the thread, until a moment in seconds if one is given. False when it is muted, or the ends have changed."""
    ends = ViewerSet.muted_threads_until
    condition = ViewerSet.muted_threads.does_not_exist() | ~ViewerSet.muted_threads.contains(thread)
    actions: list[Any] = [ViewerSet.muted_threads.add({thread})]
    if until is not None and hides.muted_threads_until is None:
        actions.append(ends.set({thread: until}))
        condition = ends.does_not_exist() & condition
    elif until is not None:
        actions.append(ends[thread].set(until))
        condition = ends.exists() & condition
    try:
        with transaction() as write:
            write.update(ViewerSet.stub(hides.id, VIEWER_SET), actions, condition)
            if job is not None:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def renew(hides: ViewerSet, thread: str, until: int | None, job: Job | None) -> None:
    """Mute a thread again whose mute has run out but is not removed yet."""
    ends = ViewerSet.muted_threads_until
    with transaction() as write:
        actions = [ends[thread].remove() if until is None else ends[thread].set(until)]
        write.update(ViewerSet.stub(hides.id, VIEWER_SET), actions, ends.exists())
        if job is not None:
            write.put(job)


def remove(account_id: str, thread: str, only_if_ended_by: int | None = None) -> bool:
    """Unmute the thread. `only_if_ended_by` spares a mute that was renewed meanwhile."""
    ends = ViewerSet.muted_threads_until
    row = ViewerSet.stub(account_id, VIEWER_SET)
    over = ends[thread] <= only_if_ended_by if only_if_ended_by is not None else None
    taken = ViewerSet.muted_threads.delete({thread})
    if over is not None:
        return update(row, [taken, ends[thread].remove()], over)
    return update(row, [taken, ends[thread].remove()], ends.exists()) or update(row, [taken], ends.does_not_exist())


def quieten(account_id: str, thread: str) -> None:
    """Mark the notifications about a thread as read. Looks at the latest five hundred unread ones."""
    rows = Notification.by_unread.query(account_id, consistent_read=True, scan_index_forward=False, limit=MOST_UNREAD)
    keys: list[Key] = [key(Notification, account_id, row.id) for row in rows]
    about = [row.id for row in fetch(strong=keys).all(Notification) if row.thread == thread]
    actions = [Notification.unread.remove(), Notification.quiet.set(THREAD_MUTED)]
    for start in range(0, len(about), MOST_IN_PARALLEL):
        chunk = about[start:start + MOST_IN_PARALLEL]
        together(*[
            lambda id=id: update(Notification.stub(account_id, id), actions, Notification.account.exists())
            for id in chunk
        ])
