"""Scheduled statuses: kept with their parameters until their time, counted per day and in all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..accounts.accounts import Part
from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.bounds import NOTHING, strictly_between
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Record, Table, Writes, fetch, named, transaction
from ..jobs import Job
from ..media.uploads import CHANGED, SCHEDULED, Upload, UploadsChanged, place, show_in

ENTRY = "entry"
ALL = "N#all"


class Quota(Part):
    """How many statuses an account has scheduled: `N#`day for a UTC day, `N#all` in all."""

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {"number": 0}
    number = NumberAttribute(attr_name="n", null=True)


class Scheduled(Record):
    """One entry. Asked: mine by id, mine latest first."""

    class Meta(Table):
        table_name = named("scheduled")

    account_id = UnicodeAttribute(hash_key=True, attr_name="acct")
    id = UnicodeAttribute(range_key=True)
    ABSENT = {"revision": 0}
    params = Document()
    due = NumberAttribute()
    revision = NumberAttribute(attr_name="rev", null=True)
    """How often the entry was changed. Whoever changes it demands the revision that was read."""


class LimitReached(Exception):
    """`total` or `daily`."""

    def __init__(self, which: str) -> None:
        super().__init__(which)
        self.which = which


def day_of(due: float) -> str:
    return "N#" + time.strftime("%Y%m%d", time.gmtime(due))


def entry_key(account_id: str, id: str) -> Key:
    return key(Scheduled, account_id, id)


def find(account_id: str, id: str) -> Scheduled | None:
    return fetch(strong=[entry_key(account_id, id)]).get(Scheduled, account_id, id)


@dataclass(frozen=True)
class Quotas:
    """How many statuses an account may schedule, for one day and in all."""

    daily: int
    total: int


def add(entry: Scheduled, job: Job, quotas: Quotas, uploads: Sequence[Upload] = ()) -> None:
    """Write and count an entry, with its job. Raises LimitReached, UploadsChanged."""
    _write(None, entry, job, quotas, uploads)


def move(before: Scheduled, after: Scheduled, job: Job, quotas: Quotas) -> bool:
    """Give an entry another time. False when it was changed or posted meanwhile. Raises LimitReached."""
    return _write(before, after, job, quotas)


def _write(before: Scheduled | None, after: Scheduled, job: Job, quotas: Quotas,
           uploads: Sequence[Upload] = ()) -> bool:
    unchanged = Scheduled.id.does_not_exist() if before is None else _unchanged(before)
    try:
        with transaction() as write:
            write.put(after, unchanged, label=ENTRY)
            write.put(job)
            if before is None:
                _count(write, after.account_id, ALL, 1, quotas.total, "total")
            if before is None or day_of(before.due) != day_of(after.due):
                _count(write, after.account_id, day_of(after.due), 1, quotas.daily, "daily")
                if before is not None:
                    _count(write, after.account_id, day_of(before.due), -1, None, "")
            show_in(write, uploads, place(SCHEDULED, after.id))
    except ConditionFailed as failed:
        if CHANGED in failed.labels:
            raise UploadsChanged from failed
        for which in ("daily", "total"):
            if which in failed.labels:
                raise LimitReached(which) from failed
        return False
    return True


def rewrite_in(write: Writes, entry: Scheduled, params: dict[str, Any]) -> None:
    """Change the parameters within a transaction, which fails if the entry is no longer as it was read."""
    actions = [Scheduled.params.set(params), Scheduled.revision.add(1)]
    write.update(Scheduled.stub(entry.account_id, entry.id), actions, Scheduled.id.exists() & _unchanged(entry))


def _unchanged(entry: Scheduled) -> Any:
    same = Scheduled.revision == entry.revision if entry.revision else Scheduled.revision.does_not_exist()
    return (Scheduled.due == entry.due) & same


def _count(write: Writes, account_id: str, part: str, by: int, most: int | None, label: str) -> None:
    room: Any = None if most is None else Quota.number.does_not_exist() | (Quota.number < most)
    write.update(Quota.stub(account_id, part), [Quota.number.add(by)], room, label=label)


def remove_in(write: Writes, entry: Scheduled) -> None:
    """Delete the entry within a transaction, which fails with label ENTRY when it was changed meanwhile."""
    row = Scheduled.stub(entry.account_id, entry.id)
    write.delete(row, Scheduled.id.exists() & (Scheduled.due == entry.due), label=ENTRY)
    for part in (ALL, day_of(entry.due)):
        _count(write, entry.account_id, part, -1, None, "")


def remove(entry: Scheduled) -> bool:
    """Delete the entry. False when it was changed or posted meanwhile."""
    try:
        with transaction() as write:
            remove_in(write, entry)
    except ConditionFailed:
        return False
    return True


def list_of(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Scheduled]:
    """Entries strictly between two ids."""
    bounds = strictly_between(Scheduled.id, above, below)
    if bounds is NOTHING:
        return []
    return list(Scheduled.query(account_id, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit))
