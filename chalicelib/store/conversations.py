"""Participations: each account's own entry of a thread of direct statuses."""

from __future__ import annotations

from typing import Any

from pynamodb.indexes import IncludeProjection, KeysOnlyProjection, LocalSecondaryIndex

from .attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from .table import Key, Record, Table, key, named


class Recent(LocalSecondaryIndex["Participation"]):
    class Meta:
        index_name = "recent"
        projection = IncludeProjection(["rk"])

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    last = UnicodeAttribute(range_key=True)


class UnreadParticipations(LocalSecondaryIndex["Participation"]):
    class Meta:
        index_name = "unread"
        projection = KeysOnlyProjection()

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    unread = UnicodeAttribute(range_key=True, attr_name="uc")


class Participation(Record):
    """Asked: mine by id · mine, latest first · how many are unread."""

    class Meta(Table):
        table_name = named("conversations")

    account = UnicodeAttribute(hash_key=True, attr_name="acct")
    id = NumberAttribute(range_key=True, attr_name="pid")
    thread = UnicodeAttribute()
    participants = UnicodeSetAttribute(attr_name="parts", null=True)
    participants_hash = UnicodeAttribute(attr_name="rk", null=True)
    recipients = UnicodeSetAttribute(attr_name="recips", null=True)
    last = UnicodeAttribute(null=True)
    last_by = UnicodeAttribute(null=True)
    unread = UnicodeAttribute(attr_name="uc", null=True)
    version = NumberAttribute(attr_name="ver", null=True)
    by_recent = Recent()
    by_unread = UnreadParticipations()


def participation_key(account_id: str, number: int) -> Key:
    return key(Participation, account_id, number)


def count_unread(account_id: str) -> int:
    return int(Participation.by_unread.count(account_id, consistent_read=True))


def bump(account_id: str, number: int, *, thread: str, people: set[str], participants_hash: str, status_id: str,
         author_id: str, unread: bool | None) -> tuple[Participation, list[Any]]:
    """The update that makes an entry or moves it up. `unread` None leaves the mark as it is.

    Who takes part and who will be addressed is fixed by the first status: `if_not_exists`.
    """
    kind = Participation
    actions = [
        kind.last.set(status_id),
        kind.last_by.set(author_id),
        kind.thread.set(thread),
        kind.participants.set(kind.participants | people),
        kind.recipients.set(kind.recipients | people),
        kind.participants_hash.set(kind.participants_hash | participants_hash),
    ]
    if unread is not None:
        actions.append(kind.unread.set(status_id) if unread else kind.unread.remove())
    return kind.stub(account_id, number), actions
