"""Notification requests as their owner reads and settles them.

Accepting or dismissing one deletes its row at once. A job releases or deletes the notifications themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..accounts import accounts
from ..accounts.accounts import State
from ..dynamo.failures import Overtaken
from ..dynamo.parallel import together
from ..dynamo.stretches import Stretch
from ..dynamo.table import ConditionFailed, transaction, update, write_batch
from ..jobs import Job
from ..relationships.relations import Pair, Relation, write_pair
from . import held
from .held import NotificationRequest, held_place, request_place
from .notifications import HELD, Notification, type_and_id
from .reading import LARGEST

MOST_COUNTED = 100
"""Requests that the summary counts."""
AT_ONCE = 200
AT_A_TIME = 8


def read(account_id: str, *, above: int, below: int, ascending: bool, limit: int) -> Stretch[NotificationRequest]:
    """One query: requests whose numbers are strictly between two."""
    if above + 1 > below - 1:
        return Stretch([], None)
    bounds = NotificationRequest.place.between(request_place(above + 1), request_place(below - 1))
    rows = list(NotificationRequest.by_number.query(account_id, bounds, consistent_read=True,
                                                    scan_index_forward=ascending, limit=limit))
    return Stretch(rows, str(rows[-1].number) if len(rows) == limit else None)


def find(account_id: str, number: int) -> NotificationRequest | None:
    """One request by its number."""
    rows = NotificationRequest.by_number.query(account_id, NotificationRequest.place == request_place(number),
                                               consistent_read=True, limit=1)
    return next(iter(rows), None)


def find_many(account_id: str, numbers: Sequence[int]) -> list[NotificationRequest]:
    """Those of these numbers that exist. They are looked for at the same time."""
    found: list[NotificationRequest | None] = []
    for start in range(0, len(numbers), AT_A_TIME):
        found += together(*[lambda number=number: find(account_id, number)
                            for number in numbers[start:start + AT_A_TIME]])
    return [each for each in found if each is not None]


def newest(account_id: str) -> Sequence[NotificationRequest]:
    """The newest hundred, which the summary counts."""
    return read(account_id, above=-1, below=LARGEST, ascending=False, limit=MOST_COUNTED).rows


# Settling.


def accept(pair: Pair, job: Job) -> Relation:
    """Let the other's notifications through from now on. The job releases those held back. Raises Overtaken."""
    me, other = pair.mine.me, pair.mine.other
    try:
        with transaction() as write:
            after = write_pair(write, pair, {"accepts_notifications": True}, {})
            write.delete(held.stub(me, other))
            write.update(State.stub(me, accounts.STATE), [State.merging.add({other})])
            write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def dismiss(account_id: str, sender: str, job: Job) -> None:
    """Delete a request. The job deletes the notifications."""
    with transaction() as write:
        write.delete(held.stub(account_id, sender))
        write.put(job)


def settle_some(account_id: str, sender: str, up_to: int, *, release: bool) -> int | None:
    """Release, or else delete, some of a sender's notifications up to a number. None: there are no more."""
    bounds = Notification.type_and_id.between(held_place(sender, 0), held_place(sender, up_to))
    rows = list(Notification.by_type.query(account_id, bounds, consistent_read=True, limit=AT_ONCE))
    if not release:
        write_batch(deletes=[Notification.stub(account_id, row.id) for row in rows])
    for start in range(0, len(rows) if release else 0, AT_A_TIME):
        together(*[lambda row=row: _release(row) for row in rows[start:start + AT_A_TIME]])
    return len(rows) if len(rows) == AT_ONCE else None


def _release(row: Notification) -> None:
    actions: list[Any] = [Notification.quiet.remove(),
                          Notification.type_and_id.set(type_and_id(row.type, int(row.id)))]
    update(Notification.stub(row.account, row.id), actions, Notification.quiet == HELD)


def merged(account_id: str, sender: str) -> None:
    """Note that all notifications of an accepted sender are released."""
    update(State.stub(account_id, accounts.STATE), [State.merging.delete({sender})], State.id.exists())
