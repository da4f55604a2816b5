"""Weeks: how much was done in each of the last twelve. The items of the statistics hold that too, so it costs no write.

An attribute of such an item is what one of its accounts did in one week: `ws2970` statuses, `wl2970` sign-ins, `wr2970`
registrations. A week is seven days from a Monday in UTC; its number counts from the first one of 1970.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, Self

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from ..dynamo.attributes import UnicodeAttribute
from ..dynamo.table import Record, Table, named

STATUSES, SIGN_INS, REGISTRATIONS = "s", "l", "r"
KEPT = 12
_SECONDS = 7 * 86_400
_FIRST_MONDAY = 4 * 86_400
"""The first of January 1970 was a Thursday."""
_NAME = re.compile(r"w([slr])([0-9]+)")


class Weeks(Record):
    """What the accounts of one item of the statistics did: how often, by week and what it is."""

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        record = super().from_raw_data(data)
        record.done = {(int(named_so[2]), named_so[1]): int(value["N"]) for name, value in data.items()
                       if (named_so := _NAME.fullmatch(name)) is not None}
        return record

    done: Mapping[tuple[int, str], int]


def this_week() -> int:
    return int((time.time() - _FIRST_MONDAY) // _SECONDS) + 1


def begins(week: int) -> int:
    """The second at which a week begins."""
    return (week - 1) * _SECONDS + _FIRST_MONDAY


def counting(what: str, by: int = 1) -> list[Action]:
    """Count within this week what was done; the week that is too old by now is forgotten."""
    week = this_week()
    return [Path([f"w{what}{week}"]).add(by), Path([f"w{what}{week - KEPT}"]).remove()]
