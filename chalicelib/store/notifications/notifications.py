"""Notifications: what happened to an account. The id follows from the cause, so making one twice makes one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.indexes import AllProjection, KeysOnlyProjection, LocalSecondaryIndex

from ...ids import milliseconds, notification_number
from ...settings import settings
from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.counting import MOST_COUNTED, count
from ..dynamo.keys import key
from ..dynamo.table import Record, Table, Writes, fetch, named
from ..statuses.visibilities import VisibilityAttribute
from . import held

# The letter under which each type is stored.
TYPES = {
    "mention": "m", "favourite": "f", "reblog": "r", "pleroma:emoji_reaction": "e", "follow": "o",
    "follow_request": "q", "move": "v", "pleroma:chat_mention": "c", "pleroma:report": "p",
    "status": "s", "poll": "l", "update": "u", "quote": "t", "quoted_update": "d", "admin.sign_up": "a",
}
NAMES = {letter: type for type, letter in TYPES.items()}
# Why a notification makes no noise: its recipient muted the thread, muted the other's notifications, blocks the other,
# or has a policy that holds it back.
THREAD_MUTED, MUTED, BLOCKED, HELD = "t", "m", "b", "h"
OF_SENDERS = frozenset({"mention", "quote"})
"""Types that are about a status of who caused them."""


class ByType(LocalSecondaryIndex["Notification"]):
    class Meta:
        index_name = "by_type"
        projection = AllProjection()

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    type_and_id = UnicodeAttribute(range_key=True, attr_name="tk")


class UnreadNotifications(LocalSecondaryIndex["Notification"]):
    """Rows are here only while they are unread. The account's watermark hides the rest.

    `unread` is the time of writing. It is negative if the recipient blocks who did it: such a row is unread, but it is
    never counted. Otherwise somebody who is blocked could still make the number grow.
    """

    class Meta:
        index_name = "unread"
        projection = KeysOnlyProjection()

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    unread = NumberAttribute(range_key=True, attr_name="u")


class Notification(Record):
    """One notification. Asked: an account's, latest first · of one type · by id · which, how many are unread.

    `cause` is the id of the status, chat message or report that it is about, if there is one. `target` is the account
    that another moved to.
    """

    class Meta(Table):
        table_name = named("notifications")

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    id = NumberAttribute(range_key=True, attr_name="nid")
    type = UnicodeAttribute(attr_name="ty")
    cause = UnicodeAttribute()
    by = UnicodeAttribute()
    status = UnicodeAttribute(attr_name="st", null=True)
    visibility = VisibilityAttribute(attr_name="v", null=True)
    thread = UnicodeAttribute(attr_name="th", null=True)
    emoji = UnicodeAttribute(null=True)
    emoji_url = UnicodeAttribute(attr_name="eu", null=True)
    target = UnicodeAttribute(null=True)
    quoted = UnicodeAttribute(attr_name="q", null=True)
    """What the status quotes. `quoted_by`: who wrote that."""
    quoted_by = UnicodeAttribute(attr_name="qw", null=True)
    at = NumberAttribute()
    quiet = UnicodeAttribute(null=True)
    unread = NumberAttribute(attr_name="u", null=True)
    type_and_id = UnicodeAttribute(attr_name="tk")
    ttl = NumberAttribute(null=True)
    by_type = ByType()
    by_unread = UnreadNotifications()

    def is_seen(self, watermark: int) -> bool:
        return self.unread is None or abs(self.unread) <= watermark

    @property
    def is_held(self) -> bool:
        """Whether the recipient's policy holds it back."""
        return bool(self.quiet == HELD)


def count_unread(account_id: str, watermark: int) -> int:
    """How many are unread, up to eight thousand. Those by accounts that were blocked at the time do not count."""
    return count(Notification.by_unread, account_id, Notification.unread > watermark, most=MOST_COUNTED)


@dataclass
class Notice:
    """What is to be told to an account. `cause` is the flake of what happened: a status, a favourite, a follow, or the
    copy of a chat message in the account's own chat with `by` …

    Two causes of one millisecond get the same id once in 4,096 pairs. Then the later one takes the next id (`shift`).
    """

    account_id: str
    type: str
    cause: str
    by: str
    status_id: str | None = None
    visibility: str | None = None
    thread: str | None = None
    emoji: str | None = None
    emoji_url: str | None = None
    target: str | None = None
    quoted: str | None = None
    """What the status quotes. `quoted_by`: who wrote that."""
    quoted_by: str | None = None
    quiet: str | None = None
    """Why nothing is pushed. None: it may be pushed."""
    unread: bool = True
    pushed: bool = False
    """The recipient has push subscriptions, so somebody may wait for it."""

    shift: int = 0

    @property
    def id(self) -> int:
        return notification_number(self.account_id, self.cause) + self.shift

    @property
    def is_held(self) -> bool:
        """Whether the recipient's policy holds it back."""
        return self.quiet == HELD

    @property
    def place(self) -> str:
        """Where it stands in `by_type`."""
        return held.held_place(self.by, self.id) if self.is_held else type_and_id(TYPES[self.type], self.id)


def row(notice: Notice) -> Notification:
    letter, now = TYPES[notice.type], int(time.time())
    return Notification(
        notice.account_id, notice.id, type=letter, cause=notice.cause, by=notice.by, status=notice.status_id,
        visibility=notice.visibility, thread=notice.thread, emoji=notice.emoji, emoji_url=notice.emoji_url,
        target=notice.target, quoted=notice.quoted, quoted_by=notice.quoted_by,
        at=milliseconds(notice.cause) // 1000, quiet=notice.quiet, unread=_unread(notice),
        type_and_id=notice.place, ttl=now + settings.notification_days * 86400,
    )


def type_and_id(letter: str, number: int) -> str:
    return f"{letter}{number:016d}"


def _unread(notice: Notice) -> int | None:
    if not notice.unread or notice.is_held:
        return None
    return -write_time() if notice.quiet == BLOCKED else write_time()


def write_time() -> int:
    """The moment of writing, in the units of the watermark. So a row that is written late does not count as read."""
    return int(time.time() * 1000) * 4096


def tell(write: Writes, notice: Notice) -> None:
    """Write a notification, once however often this is called. If another notification has its id, take the next."""
    told = row(notice)

    def move() -> None:
        notice.shift += 1
        told.id, told.type_and_id = notice.id, notice.place

    write.put(told, new_or_same(notice.cause), otherwise=move)
    hold_back(write, notice)


def not_held_yet(notices: Sequence[Notice]) -> list[Notice]:
    """These without those that are held back already, so that a repetition does not count them once more."""
    held_back = [key(Notification, each.account_id, each.id) for each in notices if each.is_held]
    there = {(row.account, row.cause) for row in fetch(strong=held_back).all(Notification)} if held_back else set()
    return [each for each in notices if (each.account_id, each.cause) not in there]


def hold_back(write: Writes, notice: Notice) -> None:
    """Count the notification in the request of its sender, if the recipient's policy holds it back."""
    if notice.is_held:
        status_id = notice.status_id if notice.type in OF_SENDERS else None
        held.hold(write, notice.account_id, notice.by, notice.id, status_id)


def take_back(write: Writes, notice: Notice) -> None:
    """Delete the notification of a cause that is gone. If another notification has its id, look at the next."""
    untold = Notification.stub(notice.account_id, notice.id)

    def move() -> None:
        notice.shift += 1
        untold.id = notice.id

    write.delete(untold, new_or_same(notice.cause), otherwise=move)


def new_or_same(cause: str) -> Any:
    """The condition that the id is free or holds the notification of this cause."""
    return Notification.id.does_not_exist() | (Notification.cause == cause)


def becomes_follow(told: Notification) -> list[Any]:
    """What changes where a request to follow becomes a follow. It is not held back any more."""
    letter = TYPES["follow"]
    return [Notification.type.set(letter), Notification.type_and_id.set(type_and_id(letter, int(told.id))),
            Notification.quiet.remove()]
