"""How other servers answered lately: whoever is about to ask one looks here first.

Asked: how did this host answer? (get) May I be the one who tries it? (a conditional update) Rows expire by themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from .dynamo.attributes import NumberAttribute, UnicodeAttribute
from .dynamo.keys import Key, bounded, key
from .dynamo.table import FoundRecords, Record, Table, fetch, named, update

KEPT = 86_400  # seconds that a row outlives its last change
FAILURE_KEPT = 30 * 86_400  # the same, while the host does not answer


class Host(Record):
    """`h#`host. `seen`: when it answered. `fails`: how often it did not since then. `next`: nobody asks before.

    `since`: when it failed to answer for the first time since then.

    All times are in seconds.
    """

    class Meta(Table):
        table_name = named("ephemeral")

    ABSENT = {"fails": 0, "seen": 0, "next": 0, "since": 0}
    key = UnicodeAttribute(hash_key=True)
    ttl = NumberAttribute()
    seen = NumberAttribute(null=True)
    fails = NumberAttribute(null=True)
    next = NumberAttribute(null=True)
    since = NumberAttribute(null=True)


def find(host: str) -> Host:
    """The host's row. One that nobody has asked yet reads as a row of zeros."""
    return in_found(fetch(strong=[row_key(host)]), host)


def row_key(host: str) -> Key:
    """What to read, together with something else, to learn of the host."""
    return key(Host, _key(host))


def in_found(found: FoundRecords, host: str) -> Host:
    """The host's row in what was found. One that nobody has asked yet reads as a row of zeros."""
    return found.get(Host, _key(host)) or Host.blank(_key(host))


def find_many(hosts: Iterable[str]) -> dict[str, Host]:
    """The rows of the hosts that have one, in one round."""
    wanted = {_key(host): host for host in hosts}
    return {wanted[row.key]: row for row in fetch(eventual=[key(Host, each) for each in wanted]).all(Host)}


def claim(row: Host, until: float) -> bool:
    """Be the one who asks, `until` then. False: somebody else was quicker."""
    unchanged = Host.next == row.next if row.next else Host.next.does_not_exist()
    return update(Host.stub(row.key), [Host.next.set(int(until)), _kept()], unchanged)


def answered(host: str) -> None:
    """Note that the host answers. From now on everybody may ask it."""
    update(Host.stub(_key(host)),
           [Host.seen.set(int(time.time())), Host.fails.remove(), Host.next.remove(),
            Host.since.remove(), _kept()])


def failed(host: str, until: float) -> None:
    """Note that the host did not answer. Nobody asks it until then."""
    now = int(time.time())
    update(Host.stub(_key(host)), [Host.fails.add(1), Host.next.set(int(until)), Host.since.set(Host.since | now),
                                   Host.ttl.set(now + FAILURE_KEPT)])


def _kept() -> Any:
    return Host.ttl.set(int(time.time()) + KEPT)


def _key(host: str) -> str:
    return bounded("h#", host)
