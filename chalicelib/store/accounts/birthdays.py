"""Whose birthday is when: a row of the search index for each account that shows its birthday.

As everything in that table, rows are derived, may be written twice, and may outlive what they name.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..dynamo.attributes import UnicodeAttribute
from ..dynamo.table import Record, Table, named, write_batch


class Birthday(Record):
    """`b#`month-day, and the id of an account. Asked: whose birthday is on this day? (query)"""

    class Meta(Table):
        table_name = named("search")

    term = UnicodeAttribute(hash_key=True)
    account_id = UnicodeAttribute(range_key=True, attr_name="k")


def add(found: Iterable[tuple[str, str]]) -> None:
    """`found`: the ids of accounts with month and day, as in `02-29`."""
    write_batch(puts=[Birthday(f"b#{day}", account_id) for account_id, day in found])


def remove(account_id: str, day: str) -> None:
    write_batch(deletes=[Birthday.stub(f"b#{day}", account_id)])


def ids_on(day: str, *, most: int) -> list[str]:
    """Accounts that were said to have their birthday on a day, the newest first. A moment old."""
    rows = Birthday.query(f"b#{day}", scan_index_forward=False, limit=most)
    return [str(row.account_id) for row in rows]
