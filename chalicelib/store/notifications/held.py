"""Notification requests: who sent notifications that the recipient's policy holds back, a row for each sender.

The rows stand among the notifications of the recipient, with negative numbers, which no list of notifications reads.
A notification that is held back is a row like any other. In `by_type` it stands under its sender, not under its type.
"""

from __future__ import annotations

import hashlib
import time

from pynamodb.indexes import AllProjection, LocalSecondaryIndex

from ...settings import settings
from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.table import Record, Table, Writes, named

OF_REQUESTS = "Q"
"""With what the rows begin in `by_type`, before the number of the first notification that was held back."""
OF_SENDER = "#"
"""With what a notification that is held back begins there, before sender and number."""


class RequestsByNumber(LocalSecondaryIndex["NotificationRequest"]):
    class Meta:
        index_name = "by_type"
        projection = AllProjection()

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    place = UnicodeAttribute(range_key=True, attr_name="tk")


class NotificationRequest(Record):
    """Notifications of one sender that wait for the recipient to accept or dismiss them.

    Asked: an account's, latest first · one by its number (`by_number`). `status`: the latest that the sender wrote.
    """

    class Meta(Table):
        table_name = named("notifications")

    ABSENT = {"waiting": 0}
    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    id = NumberAttribute(range_key=True, attr_name="nid")
    place = UnicodeAttribute(attr_name="tk")
    sender = UnicodeAttribute(attr_name="by")
    waiting = NumberAttribute(attr_name="n", null=True)
    """How many notifications were held back."""
    status = UnicodeAttribute(attr_name="st", null=True)
    at = NumberAttribute()
    ttl = NumberAttribute(null=True)
    by_number = RequestsByNumber()

    @property
    def number(self) -> int:
        """Its id for clients: the number of the first notification that was held back."""
        return int(str(self.place).removeprefix(OF_REQUESTS))


def row_number(sender: str) -> int:
    """The range key of a sender's row, which is negative."""
    return -1 - (int.from_bytes(hashlib.sha256(sender.encode()).digest()) >> 203)


def stub(account_id: str, sender: str) -> NotificationRequest:
    """The row of a sender, for deleting it."""
    return NotificationRequest.stub(account_id, row_number(sender))


def request_place(number: int) -> str:
    return f"{OF_REQUESTS}{number:016d}"


def held_place(sender: str, number: int) -> str:
    """Where a notification that is held back stands in `by_type`."""
    return f"{OF_SENDER}{sender}{number:016d}"


def hold(write: Writes, account_id: str, sender: str, number: int, status_id: str | None) -> None:
    """Count one more that is held back. `status_id`: what the sender wrote, if it is about that."""
    now = int(time.time())
    place, waiting = NotificationRequest.place, NotificationRequest.waiting
    actions = [place.set(place | request_place(number)), NotificationRequest.sender.set(sender), waiting.add(1),
               NotificationRequest.at.set(now), NotificationRequest.ttl.set(now + settings.notification_days * 86400)]
    if status_id is not None:
        actions.append(NotificationRequest.status.set(status_id))
    write.update(stub(account_id, sender), actions)
