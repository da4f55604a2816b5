"""What is known of other servers: a row for each host."""

from __future__ import annotations

from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.keys import key
from ..dynamo.table import Record, Table, fetch, named, update

HOSTS = "host"


class HostRow(Record):
    """`host`/host. `software` and `version` are what its server says of itself, `asked` when it was asked last.

    `since`: when it began to be out of reach, if it is.
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


def find(host: str) -> HostRow:
    """The host's row. One of a host that nothing is known of is blank."""
    return fetch(eventual=[key(HostRow, HOSTS, host)]).get(HostRow, HOSTS, host) or HostRow.blank(HOSTS, host)


def describe(host: str, software: str | None, version: str | None, at: float) -> None:
    """Note what it runs. None: it does not say."""
    actions = [HostRow.asked.set(int(at))]
    for attribute, value in ((HostRow.software, software), (HostRow.version, version)):
        actions.append(attribute.set(value) if value else attribute.remove())
    update(HostRow.stub(HOSTS, host), actions)


def note_unreachable(host: str, since: float) -> None:
    """Note that it is out of reach. A second time changes nothing."""
    update(HostRow.stub(HOSTS, host), [HostRow.since.set(HostRow.since | int(since))])


def note_reachable(host: str) -> None:
    """Note that it answers again."""
    update(HostRow.stub(HOSTS, host), [HostRow.since.remove()], HostRow.since.exists())


def unreachable(limit: int) -> dict[str, int]:
    """The hosts that are out of reach, with when that began. At most `limit` of them."""
    found = HostRow.query(HOSTS, filter_condition=HostRow.since.exists(), attributes_to_get=["kind", "k", "since"],
                          limit=limit)
    return {row.k: int(row.since) for row in found}
