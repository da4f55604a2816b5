"""What is known of other servers: a row for each host."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import NamedTuple

from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import (
    ConditionFailed,
    FoundRecords,
    Record,
    Table,
    Writes,
    fetch,
    named,
    transaction,
    update,
)
from ..instance import counters

HOSTS = "host"


class HostRow(Record):
    """`host`/host. `software` and `version` are what its server says of itself, `asked` when it was asked last.

    `since`: when it began to be out of reach, if it is. `met`: when the first of its accounts was stored here; the
    fact `stat`/`hosts` counts those hosts. `inbox`: the one that its accounts share, or one of them.
    """

    class Meta(Table):
        table_name = named("instance")

    ABSENT = {"asked": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    software = UnicodeAttribute(null=True)
    version = UnicodeAttribute(null=True)
    asked = NumberAttribute(null=True)
    since = NumberAttribute(null=True)
    met = NumberAttribute(null=True)
    inbox = UnicodeAttribute(null=True)


def row_key(host: str) -> Key:
    """What to read, together with something else, to learn of the host."""
    return key(HostRow, HOSTS, host)


def is_met(found: FoundRecords, host: str) -> bool:
    """Whether an account of the host is stored here, by what was found."""
    row = found.get(HostRow, HOSTS, host)
    return row is not None and row.met is not None


def meet(write: Writes, host: str, inbox: str | None, label: str) -> None:
    """Within the transaction that stores the first account of a host. It fails with the label if it is not the first.
    """
    actions = [HostRow.met.set(int(time.time())), *([HostRow.inbox.set(inbox)] if inbox else [])]
    write.update(HostRow.stub(HOSTS, host), actions, HostRow.met.does_not_exist(), label=label)
    counters.count_hosts(write, 1)


def leave(host: str) -> None:
    """Note that no account of the host is stored here any more. A second time changes nothing."""
    with suppress(ConditionFailed), transaction() as write:
        write.update(HostRow.stub(HOSTS, host), [HostRow.met.remove()], HostRow.met.exists())
        counters.count_hosts(write, -1)


class ListedServer(NamedTuple):
    """`since`: when it began to be out of reach. None: it is not."""

    host: str
    is_met: bool
    since: int | None


def list_servers(limit: int | None = None) -> list[ListedServer]:
    """The servers that have a row, by name: at most so many, None: all."""
    rows = HostRow.query(HOSTS, attributes_to_get=["kind", "k", "since", "met"], limit=limit)
    return [ListedServer(row.k, row.met is not None, None if row.since is None else int(row.since)) for row in rows]


def find(host: str) -> HostRow:
    """The host's row. One of a host that nothing is known of is blank."""
    return fetch(eventual=[row_key(host)]).get(HostRow, HOSTS, host) or HostRow.blank(HOSTS, host)


def describe(host: str, software: str | None, version: str | None, at: float) -> None:
    """Note what it runs. None: it does not say."""
    actions = [HostRow.asked.set(int(at))]
    for attribute, value in ((HostRow.software, software), (HostRow.version, version)):
        actions.append(attribute.set(value) if value else attribute.remove())
    update(HostRow.stub(HOSTS, host), actions)


def note_inbox(host: str, inbox: str) -> None:
    """Note where the whole server is reached."""
    update(HostRow.stub(HOSTS, host), [HostRow.inbox.set(inbox)])


def inboxes() -> set[str]:
    """Where every server is reached of which an account was ever met. A call for some thousands of them."""
    return {row.inbox for row in HostRow.query(HOSTS, filter_condition=HostRow.inbox.exists(),
                                               attributes_to_get=["kind", "k", "inbox"])}


def note_unreachable(host: str, since: float) -> None:
    """Note that it is out of reach. A second time changes nothing."""
    update(HostRow.stub(HOSTS, host), [HostRow.since.set(HostRow.since | int(since))])


def note_reachable(host: str) -> None:
    """Note that it answers again."""
    update(HostRow.stub(HOSTS, host), [HostRow.since.remove()], HostRow.since.exists())
