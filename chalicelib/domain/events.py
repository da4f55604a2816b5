"""The one door by which what happened leaves the domain. Rules raise events here; `listeners` says what follows.

    event = StatusDeleted(status.id, by.id)
    posting.bury(status, events.owed(event))       the change, and the job rows that it owes: all or nothing
    events.tell(event, *events.told(notices))      once it is written

So there are two kinds of listening. Work that must not be lost is *owed*: its job row stands in the transaction of the
change, and `tell` only says *now*. All else is asked for by `tell`, after the change; losing it fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..queues import queue
from ..queues.messages import Message, outbox
from ..store.jobs import PATIENCE, Job
from ..store.notifications.notifications import Notice
from . import listeners
from .event_types import Event, NotificationMade
from .listeners import Due


def owed(*happened: Event) -> list[Job]:
    """The job rows of these events, to be written in the transaction that makes them true."""
    return [outbox(due.message, due_in=PATIENCE if due.after is None else due.after) for due in _owed(happened)]


def tell(*happened: Event) -> None:
    """Let the listeners know of what is written by now. A queue that takes nothing is no failure of the change."""
    wanted = [due.message for due in _owed(happened) if due.after is None]
    wanted += _asked(happened)
    try:
        queue.send_all(wanted)
    except queue.NotSent:
        return  # the log has it; what is owed is sent again from its row


def told(notices: Iterable[Notice | None]) -> list[NotificationMade]:
    """The events of notifications that were written just now."""
    return [NotificationMade(each.account_id, each.id, each.pushed) for each in notices if each is not None]


def _owed(happened: Iterable[Event]) -> list[Due]:
    return [due for event in happened for listener in listeners.OWING.get(type(event), ()) for due in listener(event)]


def _asked(happened: Iterable[Event]) -> list[Message]:
    return [message for event in happened for listener in listeners.ASKING.get(type(event), ())
            for message in listener(event)]
