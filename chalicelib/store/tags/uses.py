"""How often hashtags and links are used: a row for each, which has numbers for each day and ends by itself.

The delivery of a status counts it, once. A row remembers a short sign of everybody who used it on a day, not who they
were: so it stays small, and a second use by one account counts once among the accounts.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import Any, Self

from pynamodb.expressions.operand import Path

from ..dynamo.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Record, Table, fetch, named, transaction, update
from ..ephemeral import Ephemeral

DAY = 86_400
DAYS = 7
MOST_STATUSES = 100
COUNTED = "counted"


class Uses(Record):
    """`u#t#`tag, `u#l#`hash of a link: `n`day uses, `w`day signs of the accounts. Asked: these (batch get)."""

    class Meta(Table):
        table_name = named("ephemeral")

    ABSENT = {"statuses": frozenset()}
    key = UnicodeAttribute(hash_key=True)
    ttl = NumberAttribute()
    url = UnicodeAttribute(attr_name="u", null=True)
    statuses = UnicodeSetAttribute(attr_name="s", null=True)
    """Some of the statuses that have the link."""
    by_day: dict[int, tuple[int, int]]
    """For each day since 1970 the uses and the accounts."""

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        record = super().from_raw_data(data)
        record.by_day = {
            int(name[1:]): (int(typed["N"]), len(data.get(f"w{name[1:]}", {}).get("SS", ())))
            for name, typed in data.items() if name[0] == "n" and name[1:].isdigit()
        }
        return record


def of_tag(tag: str) -> str:
    return f"u#t#{tag}"


def of_link(url: str) -> str:
    return f"u#l#{hashlib.sha256(url.encode()).hexdigest()[:32]}"


def uses_key(name: str) -> Key:
    return key(Uses, name)


def find_many(names: Iterable[str]) -> dict[str, Uses]:
    """The rows of these names that are there, in one round."""
    now = time.time()
    found = fetch(eventual=[uses_key(name) for name in names])
    return {str(row.key): row for row in found.all(Uses) if row.ttl > now}


def count(status_id: str, account_id: str, day: int, names: Sequence[str]) -> bool:
    """Count the use of these names by a status. False when that is done already."""
    ttl = (day + DAYS + 1) * DAY
    sign = hashlib.sha256(f"{account_id}{day}".encode()).hexdigest()[:5]
    actions = [Path(f"n{day}").add({"N": "1"}), Path(f"w{day}").add({"SS": [sign]}), Uses.ttl.set(ttl)]
    try:
        with transaction() as write:
            write.put(Ephemeral(f"t#{status_id}", ttl=ttl), Ephemeral.key.does_not_exist(), label=COUNTED)
            for name in names:
                write.update(Uses.stub(name), actions)
    except ConditionFailed:
        return False
    return True


def note_status(row: Uses, status_id: str, url: str) -> None:
    """Note that a status has the link. A hundred are enough."""
    if len(row.statuses) < MOST_STATUSES and status_id not in row.statuses:
        update(Uses.stub(row.key), [Uses.statuses.add({status_id}), Uses.url.set(url)], Uses.key.exists())
