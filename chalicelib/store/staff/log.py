"""The moderation log: what administrators did, numbered 1, 2, 3 … without a gap.

So the rows of a page, and how many there are, follow from the last number. Each entry has a second row by its time,
which finds the numbers of a period, and which is what a search reads. An administrator's own entries are numbered
once more, in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import Record, Table, Writes, fetch, named

EVERYTHING = "log"
LONGEST_SOUGHT = 2_000
MOST_PAGES = 4
"""Of 1 MB, some five thousand entries each: how far back a search looks."""


@dataclass(frozen=True)
class LoggedAct:
    """What is to be logged. `admin_id`: in whose own log it stands as well, if in anybody's."""

    admin_id: str | None
    data: dict[str, Any]


class LogRow(Record):
    """`log`/16-digit number and `log#`account/number: the entries. `at`: in milliseconds. `number`: that of the entry.

    Asked: the last number · a stretch of numbers.
    """

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    number = NumberAttribute(attr_name="n")
    at = NumberAttribute()
    doc = Document()


class LogMoment(Record):
    """`log@`/13-digit milliseconds#number and `log@`account/…: the place of an entry in time. `sought`: its message.

    Asked: the first and the last of a period · those with a text.
    """

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    number = NumberAttribute(attr_name="n")
    sought = UnicodeAttribute()


def add(write: Writes, *acts: LoggedAct) -> None:
    """Within a transaction: log the acts of one administrator. It may be called once in a transaction.

    If other entries take the numbers first, these take the next ones.
    """
    whole = [_Numbered(EVERYTHING, act, place) for place, act in enumerate(acts)]
    own = [_Numbered(_own(act.admin_id), act, place) for place, act in enumerate(acts) if act.admin_id is not None]

    def number() -> None:
        together(*[each.take_next for each in (*whole, *own)])
        for each in (*whole, *own):
            each.row.number = whole[each.ahead].place

    number()
    for each in (*whole, *own):
        each.put(write, number)


class _Numbered:
    """An entry's two rows in one of the logs. `ahead`: how many entries of the same transaction come before it."""

    def __init__(self, log: str, entry: LoggedAct, ahead: int) -> None:
        self.log, self.place, self.ahead = log, 0, ahead
        self.row = LogRow(log, "", number=0, at=0, doc=entry.data)
        self.moment = LogMoment(_moments(log), "", number=0, sought=entry.data["message"].casefold()[:LONGEST_SOUGHT])

    def take_next(self) -> None:
        """Take the number after the last one, and a moment that is not before the last one."""
        last = _last(self.log)
        at = max(time.time_ns() // 1_000_000, last.at)
        self.place = last.place + 1 + self.ahead
        self.row.k, self.row.at = f"{self.place:016d}", at
        self.moment.k = f"{at:013d}#{self.place:016d}"
        self.moment.number = self.place

    def put(self, write: Writes, otherwise: Callable[[], None]) -> None:
        write.put(self.row, LogRow.k.does_not_exist(), otherwise=otherwise)
        write.put(self.moment)


class _Last(NamedTuple):
    place: int = 0
    at: int = 0


def _last(log: str) -> _Last:
    newest = LogRow.query(log, consistent_read=True, scan_index_forward=False, limit=1)
    return next((_Last(int(row.k), int(row.at)) for row in newest), _Last())


def _own(account_id: str) -> str:
    return f"log#{account_id}"


def _moments(log: str) -> str:
    return log.replace("log", "log@", 1)


# Reading.


@dataclass(frozen=True)
class Wanted:
    """Which entries: of an administrator, of a period (both ends included, in milliseconds), with a text."""

    admin_id: str | None = None
    since: int | None = None
    until: int | None = None
    text: str = ""

    @property
    def log(self) -> str:
        return EVERYTHING if self.admin_id is None else _own(self.admin_id)


@dataclass(frozen=True)
class Entries:
    """A page, newest first. `total`: how many there are on all pages."""

    rows: list[LogRow]
    total: int


def read(wanted: Wanted, skip: int, size: int) -> Entries:
    """The page after the newest `skip` entries. The calls do not depend on how many entries there are.

    With a text, the period is walked from its end, as far as four pages of DynamoDB reach; `total` counts what these
    have.
    """
    if wanted.text:
        return _sought(wanted, skip, size)
    last, first = together(lambda: _newest_of(wanted), lambda: _oldest_of(wanted))
    newest = last - skip
    rows = _numbered(wanted.log, max(first, newest - size + 1), newest) if first and newest >= first else []
    return Entries(rows, max(last - first + 1, 0) if first else 0)


def _newest_of(wanted: Wanted) -> int:
    """The number of the last entry until the end of the period. 0: there is none."""
    if wanted.until is None:
        return _last(wanted.log).place
    return _bound(wanted, LogMoment.k < f"{max(wanted.until + 1, 0):013d}", forward=False)


def _oldest_of(wanted: Wanted) -> int:
    """The number of the first entry since the beginning of the period. 0: there is none."""
    if wanted.since is None:
        return 1
    return _bound(wanted, LogMoment.k >= f"{max(wanted.since, 0):013d}", forward=True)


def _bound(wanted: Wanted, condition: Any, *, forward: bool) -> int:
    found = LogMoment.query(_moments(wanted.log), condition, consistent_read=True, scan_index_forward=forward, limit=1)
    return next((int(moment.number) for moment in found), 0)


def _numbered(log: str, first: int, last: int) -> list[LogRow]:
    between = LogRow.k.between(f"{first:016d}", f"{last:016d}")
    return list(LogRow.query(log, between, consistent_read=True, scan_index_forward=False))


def _sought(wanted: Wanted, skip: int, size: int) -> Entries:
    numbers = _with_text(wanted)
    shown = numbers[skip:skip + size]
    found = {int(row.k): row for row in _rows(wanted.log, shown)}
    return Entries([found[number] for number in shown if number in found], len(numbers))


def _with_text(wanted: Wanted) -> list[int]:
    """The numbers of all entries of the period that have the text, as far as the search looks."""
    since, until = f"{max(wanted.since or 0, 0):013d}", f"{min((wanted.until or 10**13 - 2) + 1, 10**13 - 1):013d}"
    numbers: list[int] = []
    after: Any = None
    for _ in range(MOST_PAGES):
        page = LogMoment.page(
            _moments(wanted.log), range_key_condition=LogMoment.k.between(since, until), consistent_read=True,
            filter_condition=LogMoment.sought.contains(wanted.text.casefold()), exclusive_start_key=after,
            scan_index_forward=False)
        numbers += [int(item["n"]["N"]) for item in page["Items"]]
        after = page.get("LastEvaluatedKey")
        if not after:
            break
    return numbers


def _rows(log: str, numbers: list[int]) -> list[LogRow]:
    return fetch(strong=[key(LogRow, log, f"{number:016d}") for number in numbers]).all(LogRow)
