"""The one way by which the rest learns what happened. Rules raise events here; `listeners` says what follows.

    event = StatusDeleted(status.id, by.id)
    posting.bury(status, events.owed(event))       the change, and the job rows that it owes: all or nothing
    events.tell(event, *events.told(notices))      once it is written

There are two kinds of work. What must not be lost is *owed*: its job row is in the transaction of the change, and
`tell` only lets it begin at once. All else is *asked* for by `tell`, after the change. Losing that does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..queues import queue
from ..queues.messages import Message, outbox
from ..store.jobs import PATIENCE, Job
from ..store.notifications.notifications import Notice
from .event_types.event import Event
from .event_types.notifications import NotificationMade
from .listeners import registering
from .listeners.registering import Due

STREAMS = "streams"


def owed(*happened: Event) -> list[Job]:
    """The job rows of these events, to be written in the same transaction as the change."""
    return [outbox(due.message, due_in=PATIENCE if due.after is None else due.after) for due in _owed(happened)]


def tell(*happened: Event) -> None:
    """Tell the listeners what has been written. If the queue takes no message, the change still counts."""
    wanted = [due.message for due in _owed(happened) if due.after is None]
    wanted += sorted(_asked(happened), key=lambda each: each.queue == STREAMS)  # what may be lost most easily is last
    try:
        queue.send_all(wanted)
    except queue.NotSent:
        return  # it is in the log, and work that is owed is sent again from its row


def told(notices: Iterable[Notice | None]) -> list[NotificationMade]:
    """The events for notifications that have just been written."""
    return [NotificationMade(each.account_id, each.id, each.pushed) for each in notices if each is not None]


def _owed(happened: Iterable[Event]) -> list[Due]:
    return [due for event in happened for listener in registering.OWING.get(type(event), ())
            for due in listener(event)]


def _asked(happened: Iterable[Event]) -> list[Message]:
    return [message for event in happened for listener in registering.ASKING.get(type(event), ())
            for message in listener(event)]
