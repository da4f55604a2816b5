"""The `instance` table: counters that give out numbers, and statistics of the server."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.keys import Key, key
from ..dynamo.table import FoundRecords, Overloaded, Record, Table, Writes, fetch, named, update
from ..statuses.visibilities import DIRECT, PRIVATE, PUBLIC, STATISTICS, UNLISTED, statistic_of
from . import weeks
from .weeks import Weeks

# What a call raises when AWS cannot be reached or refuses it.
SHARDS = 8
"""How many items hold the statistics together. A transaction that counts holds one of them: one item alone would
stand at some thirty posts a second."""
USERS = "user_n"
UNREACHABLE = (BotoCoreError, ClientError, PynamoDBException, Overloaded)


class Fact(Record):
    """One fact of the instance: `seq`/name a counter, `stat#`shard/host counts, `reports`/state, `apps#`shard/list,
    `staff`/`ids`, `suggested`/`ids`, `stat`/`hosts` the other servers, `doc`/name a document of the instance.
    """

    class Meta(Table):
        table_name = named("instance")

    ABSENT = {"number": 0, "users": 0, "statuses": 0, "public": 0, "unlisted": 0, "private": 0, "direct": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    number = NumberAttribute(attr_name="n", null=True)
    users = NumberAttribute(attr_name=USERS, null=True)
    statuses = NumberAttribute(attr_name="status_n", null=True)
    public = NumberAttribute(attr_name="public_n", null=True)
    unlisted = NumberAttribute(attr_name="unlisted_n", null=True)
    private = NumberAttribute(attr_name="private_n", null=True)
    direct = NumberAttribute(attr_name="direct_n", null=True)
    ids = UnicodeSetAttribute(null=True)
    doc = Document(null=True)


class Standings(Record):
    """How many accounts have each standing: attributes of the facts `stat#`shard/local, each named by the standing."""

    class Meta(Table):
        table_name = named("instance")

    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        record = super().from_raw_data(data)
        record.counts = {name: int(value["N"]) for name, value in data.items() if "/" in name}
        return record

    counts: Mapping[str, int]


class ImportFigures(Record):
    """What became of all accounts that imports named: the fact `stat`/`imports`."""

    class Meta(Table):
        table_name = named("instance")

    ABSENT = {"imports": 0, "followed": 0, "blocked": 0, "muted": 0, "listed": 0, "bookmarked": 0,
              "domains_blocked": 0, "already": 0, "unknown": 0, "refused": 0}
    kind = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    imports = NumberAttribute(attr_name="n", null=True)
    followed = NumberAttribute(null=True)
    blocked = NumberAttribute(null=True)
    muted = NumberAttribute(null=True)
    listed = NumberAttribute(null=True)
    bookmarked = NumberAttribute(null=True)
    domains_blocked = NumberAttribute(null=True)
    already = NumberAttribute(null=True)
    unknown = NumberAttribute(null=True)
    refused = NumberAttribute(null=True)


_BY_VISIBILITY = {PUBLIC: Fact.public, UNLISTED: Fact.unlisted, PRIVATE: Fact.private, DIRECT: Fact.direct}


def local_keys() -> list[Key]:
    """Statistics of this server's own accounts and statuses: the sum of these. The first one was the only one once."""
    return [key(Fact, kind, "local") for kind in ("stat", *(f"stat#{shard}" for shard in range(SHARDS)))]


def local_of(account_id: str) -> Fact:
    """The item, without its values, in which an account and its statuses are counted."""
    return Fact.stub(f"stat#{zlib.crc32(account_id.encode()) % SHARDS}", "local")


def hosts_key() -> Key:
    """How many other servers there are of which accounts are stored here."""
    return key(Fact, "stat", "hosts")


def count_hosts(write: Writes, by: int) -> None:
    """Within the transaction that stores the first account of another server (1), or after its last has gone (-1)."""
    counted = hosts_key()
    write.update(Fact.stub(counted.hash, counted.range), [Fact.number.add(by)])


def staff_key() -> Key:
    return key(Fact, "staff", "ids")


def reports_key(state: str) -> Key:
    """How many reports are in a state."""
    return key(Fact, "reports", state)


def next_number(name: str) -> int:
    """The next number of a sequence, from 1; gaps may appear."""
    counter = Fact.stub("seq", name)
    counter.update([Fact.number.add(1)])
    return int(counter.number)


class Statistics(NamedTuple):
    """How many accounts and statuses this server has, and of how many other servers it knows accounts."""

    users: int
    statuses: int
    hosts: int = 0


def statistics_keys() -> list[Key]:
    return [*local_keys(), hosts_key()]


def statistics(*, strong: bool = False) -> Statistics:
    keys = statistics_keys()
    return statistics_in(fetch(strong=keys) if strong else fetch(eventual=keys))


def statistics_in(records: FoundRecords) -> Statistics:
    """The statistics among what was read by `statistics_keys`."""
    found = records.all(Fact)
    return Statistics(sum(int(fact.users) for fact in found), sum(int(fact.statuses) for fact in found),
                      sum(int(fact.number) for fact in found))


def statuses_by_visibility() -> dict[str, int]:
    """How many statuses of this server there are, without reblogs, by `STATISTICS`."""
    found = fetch(strong=local_keys()).all(Fact)
    return {word: sum(int(getattr(fact, word)) for fact in found) for word in STATISTICS}


class Counted(NamedTuple):
    """What changes in the statistics with an account: the standing that it had and has (None: it is not counted),
    users of this server, and staff (1: it joins, -1: it leaves). `new`: somebody has registered."""

    account_id: str
    before: str | None
    after: str | None
    users: int = 0
    staff: int = 0
    new: bool = False


def count_accounts(write: Writes, changed: Sequence[Counted]) -> None:
    """Within the transaction that makes, changes or ends accounts: count them, each item of the statistics once.

    A standing without a type is that of an older version, which did not count it.
    `store/accounts/standings.py` calls it, nothing else does.
    """
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    registered: Counter[str] = Counter()
    for each in changed:
        kind = local_of(each.account_id).kind
        counts = sums[kind]
        registered[kind] += each.new
        counts[USERS] += each.users
        if each.before != each.after:
            counts.update({text: by for text, by in ((each.before, -1), (each.after, 1)) if text and "/" in text})
    for kind, counts in sorted(sums.items()):
        actions: list[Action] = [Path([name]).add(by) for name, by in sorted(counts.items()) if by]
        if registered[kind]:
            actions += weeks.counting(weeks.REGISTRATIONS, registered[kind])
        if actions:
            write.update(Fact.stub(kind, "local"), actions)
    listed = staff_key()
    for by in (1, -1):
        ids = {each.account_id for each in changed if each.staff == by}
        if ids:
            write.update(Fact.stub(listed.hash, listed.range), [Fact.ids.add(ids) if by > 0 else Fact.ids.delete(ids)])


def standings() -> dict[str, int]:
    """How many accounts have each standing, without those that nobody has."""
    keys = [key(Standings, *wanted[1:]) for wanted in local_keys()]
    sums: Counter[str] = Counter()
    for found in fetch(strong=keys).all(Standings):
        sums.update(found.counts)
    return {standing: count for standing, count in sums.items() if count > 0}


def count_sign_in(write: Writes, account_id: str) -> None:
    """Within the transaction that makes a token for somebody who has signed in."""
    write.update(local_of(account_id), weeks.counting(weeks.SIGN_INS))


def by_week() -> dict[tuple[int, str], int]:
    """What was done, by the number of the week and what it is. A moment old."""
    keys = [key(Weeks, *wanted[1:]) for wanted in local_keys()]
    sums: Counter[tuple[int, str]] = Counter()
    for found in fetch(eventual=keys).all(Weeks):
        sums.update(found.done)
    return dict(sums)


def count_statuses(write: Writes, author_id: str, by: int, visibilities: Mapping[str, int] | None = None, *,
                   new: bool = False) -> None:
    """Within the transaction that makes or ends statuses of an author, or shows them to others than before.

    `by`: how many more there are that are open to everybody. `visibilities`: how many more of each visibility, as
    `{"public": -1, "private": 1}`. `new`: one was made just now. All of it is one item, so a transaction calls
    this once. For a single status use `store/statuses/counts.py`, which also counts for its author and its parent.
    """
    actions: list[Action] = [Fact.statuses.add(by)] if by else []
    actions += _by_visibility(visibilities or {})
    if new:
        actions += weeks.counting(weeks.STATUSES)
    if actions:
        write.update(local_of(author_id), actions)


def count_visibilities(write: Writes, written: Iterable[tuple[str, str]]) -> None:
    """Within the transaction that notes of statuses that they are counted by visibility: `(author, visibility)`s."""
    by_item: dict[str, Counter[str]] = {}
    for author_id, visibility in written:
        by_item.setdefault(local_of(author_id).kind, Counter())[visibility] += 1
    for kind, visibilities in by_item.items():
        write.update(Fact.stub(kind, "local"), _by_visibility(visibilities))


def _by_visibility(visibilities: Mapping[str, int]) -> list[Action]:
    sums: Counter[str] = Counter()
    for visibility, number in visibilities.items():
        sums[statistic_of(visibility)] += number
    return [_BY_VISIBILITY[word].add(number) for word, number in sums.items() if number]


def count_app(write: Writes, client_id: str, which: str, by: int) -> None:
    """Within the transaction that brings an app into one of the lists of apps (`by` 1), or takes it out (-1)."""
    shard = zlib.crc32(client_id.encode("utf-8", "surrogatepass")) % SHARDS
    write.update(Fact.stub(f"apps#{shard}", which), [Fact.number.add(by)])


def count_of_apps(lists: Iterable[str]) -> int:
    """How many apps these lists have."""
    found = fetch(strong=[key(Fact, f"apps#{shard}", which) for which in lists for shard in range(SHARDS)])
    return sum(int(fact.number) for fact in found.all(Fact))


def count_report(write: Writes, state: str, by: int) -> None:
    """Within the transaction that brings a report into a state (`by` 1), or takes it out of one (-1)."""
    counted = reports_key(state)
    write.update(Fact.stub(counted.hash, counted.range), [Fact.number.add(by)])


def count_import(write: Writes, counts: Mapping[str, int]) -> None:
    """Within the transaction that ends an import: count it, and what became of the accounts that it named."""
    actions = [getattr(ImportFigures, name).add(count) for name, count in {"imports": 1, **counts}.items() if count]
    write.update(ImportFigures.stub("stat", "imports"), actions)


def import_figures() -> dict[str, int]:
    """How many imports have ended, and what became of the accounts that they named."""
    wanted = key(ImportFigures, "stat", "imports")
    found = fetch(eventual=[wanted]).get(ImportFigures, *wanted[1:]) or ImportFigures.blank(*wanted[1:])
    return {name: int(getattr(found, name)) for name in ImportFigures.ABSENT}


def dismiss(account_id: str) -> None:
    """Take an account off the list of staff, if it is on it."""
    listed = staff_key()
    update(Fact.stub(listed.hash, listed.range), [Fact.ids.delete({account_id})], Fact.ids.contains(account_id))


def staff_ids() -> frozenset[str]:
    """Administrators and moderators."""
    wanted = staff_key()
    listed = fetch(eventual=[wanted]).get(Fact, wanted.hash, wanted.range)
    return frozenset(listed.ids or ()) if listed else frozenset()
