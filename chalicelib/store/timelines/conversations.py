"""Participations: each account's own entry of a thread of direct statuses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import IncludeProjection, KeysOnlyProjection, LocalSecondaryIndex

from ..dynamo.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.bounds import NOTHING, strictly_between
from ..dynamo.counting import MOST_COUNTED, count
from ..dynamo.keys import Item, Key, key
from ..dynamo.table import Record, Table, fetch, named, remove, update
from ..statuses.statuses import Status

MOST_PAGES = 4


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


def find(account_id: str, number: int) -> Participation | None:
    return fetch(strong=[participation_key(account_id, number)]).get(Participation, account_id, number)


def find_many(account_id: str, numbers: Iterable[int]) -> list[Participation]:
    """The entries that exist, in the order asked. One round."""
    wanted = [participation_key(account_id, number) for number in numbers]
    found = fetch(strong=wanted)
    entries = [found.get(Participation, account_id, each.range) for each in wanted]
    return [entry for entry in entries if entry is not None]


def recent(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int,
           participants_hash: str | None = None) -> list[Participation]:
    """Keys of an account's conversations, ordered by their newest status, strictly between two such statuses.

    It is one query. `participants_hash`: only the conversations of exactly these people, looked for among some thirty
    thousand in at most four queries.
    """
    bounds = strictly_between(Participation.last, above, below)
    if bounds is NOTHING:
        return []
    only = None if participants_hash is None else Participation.participants_hash == participants_hash
    found = Participation.by_recent.query(account_id, bounds, only, consistent_read=True,
                                          scan_index_forward=ascending, page_size=limit if only is None else None)
    items: list[Item] = []
    for page in islice(found.page_iter, 1 if only is None else MOST_PAGES):
        items += page["Items"]
        if len(items) >= limit:
            break
    return [Participation.from_raw_data(item) for item in items[:limit]]


def unread_numbers(account_id: str, limit: int) -> list[int]:
    """The latest conversations with something unread."""
    rows = Participation.by_unread.query(account_id, consistent_read=True, scan_index_forward=False, limit=limit)
    return [int(row.id) for row in rows]


def mark_read(account_id: str, number: int) -> bool:
    """Mark an entry as read. False when there is no such entry."""
    return update(Participation.stub(account_id, number), [Participation.unread.remove()],
                  Participation.account.exists())


def mark_unread(account_id: str, number: int, last: str) -> bool:
    """Mark an entry as unread from its newest status on. False when there is no such entry."""
    return update(Participation.stub(account_id, number), [Participation.unread.set(last)],
                  Participation.account.exists())


def remove_entry(account_id: str, number: int) -> bool:
    """Delete an entry. Its thread stays, and the next status in it makes the entry anew. False when there is none."""
    return remove(Participation.stub(account_id, number), Participation.account.exists())


def set_recipients(account_id: str, number: int, recipients: set[str]) -> bool:
    """Set whom a reply to this conversation will address. False when there is no such entry."""
    return update(Participation.stub(account_id, number), [Participation.recipients.set(recipients)],
                  Participation.account.exists())


def count_unread(account_id: str) -> int:
    """How many conversations have something unread, up to eight thousand."""
    return count(Participation.by_unread, account_id, most=MOST_COUNTED)


def bump(account_id: str, number: int, newest: Status, people: set[str],
         unread: bool | None) -> tuple[Participation, list[Any]]:
    """The update that makes an entry or moves it up. `unread`: None leaves the mark as it is.

    The first status decides who takes part and who will be addressed (`if_not_exists`).
    """
    kind = Participation
    actions = [
        kind.last.set(newest.id),
        kind.last_by.set(newest.account_id),
        kind.thread.set(newest.thread),
        kind.participants.set(kind.participants | people),
        kind.recipients.set(kind.recipients | people),
        kind.participants_hash.set(kind.participants_hash | participants_hash(people)),
    ]
    if unread is not None:
        actions.append(kind.unread.set(newest.id) if unread else kind.unread.remove())
    return kind.stub(account_id, number), actions


def find_newer(status: Status, entries: Mapping[str, int]) -> set[str]:
    """Whose entry of the conversation names a newer status. `entries`: the numbers of the entries by account."""
    found = fetch(strong=[participation_key(*each) for each in entries.items()])
    return {str(entry.account) for entry in found.all(Participation) if entry.last and entry.last > status.id}


def is_not_newer(status: Status) -> Condition:
    """The condition that an entry does not name a newer status."""
    condition: Condition = Participation.last.does_not_exist() | (Participation.last <= status.id)
    return condition


def participants_hash(people: Iterable[str]) -> str:
    """A text that is the same for the same people. Conversations are filtered by it."""
    return hashlib.sha256(" ".join(sorted(people)).encode()).hexdigest()[:32]
