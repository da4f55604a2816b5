"""Imports: what became of the lists that an account brought. A row for each of the latest ten, in its own partition.

Chunks of a list are counted one by one, each once: the row knows which ones it has counted. Names that must be asked
for at other servers are *left*: rows beside it, by the time when they are due. What is found of them is a chunk again.
Names of which nothing could become are *failed*: a row for each chunk that has any, written when it is counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...ids import milliseconds
from ..accounts import accounts
from ..accounts.accounts import Account, Part, ViewerSet
from ..accounts.claims import Claim, nickname_claim, uri_claim
from ..dynamo.attributes import Document, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Table, Writes, fetch, named, transaction, update, write_batch
from ..federation.accounts import ACCOUNT, STATUS
from ..instance import counters
from ..jobs import Job

PREFIX, LEFT, FAILED = "I#", "J#", "Q#"
KEPT = 10
UNENDED_SECONDS = 7 * 86_400
"""How long an import that has not ended is kept, however many come after it."""
VERBS: Mapping[str, str] = {"following": "followed", "blocks": "blocked", "mutes": "muted", "lists": "listed",
                            "bookmarks": "bookmarked", "blocked_domains": "domains_blocked"}
"""What is done to what a list names, by the kind of the list."""
UNREADABLE, UNKNOWN, SILENT, REFUSED = "unreadable", "unknown", "silent", "refused"
"""Why nothing became of a name: it can be none, nobody has it, its server did not answer, it may not be."""
MOST_NAMED = 200
"""How many failed names of an import are told. A few more are kept, where chunks run at once."""
BEGINNING = "start"


class Import(Part):
    """One import, part `I#`id.

    Asked: the latest ten (query) · one, with its account (batch get).
    """

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {"done": 0, "already": 0, "unknown": 0, "refused": 0, "counted": frozenset(), "left": 0}
    kind = UnicodeAttribute(attr_name="imp")
    total = NumberAttribute()
    chunks = NumberAttribute()
    counted = UnicodeSetAttribute(null=True)
    """The numbers of the chunks whose accounts are in the counters."""
    done = NumberAttribute(attr_name="done_n", null=True)
    already = NumberAttribute(attr_name="already_n", null=True)
    unknown = NumberAttribute(attr_name="unknown_n", null=True)
    refused = NumberAttribute(attr_name="refused_n", null=True)
    left = NumberAttribute(attr_name="left_n", null=True)
    """How many rows of names there are that must be asked for elsewhere."""
    ended = NumberAttribute(null=True)

    @property
    def is_counted(self) -> bool:
        """Whether all its chunks are."""
        return len(self.counted) >= self.chunks

    @property
    def import_id(self) -> str:
        return str(self.part).removeprefix(PREFIX)

    @property
    def outcome(self) -> dict[str, int]:
        """How many accounts were followed, blocked or muted, were so already, are unknown, and were refused."""
        return {VERBS[self.kind]: int(self.done), "already": int(self.already), "unknown": int(self.unknown),
                "refused": int(self.refused)}


class Left(Part):
    """Names of one chunk that must be asked for at other servers, part `J#`import`#`due`#`chunk`.`turn.

    `asked`: `names`, their `columns`, `hosts` that did not answer (how often in a row, and when they are asked again),
    and `turns`: how often somebody has asked.

    Asked: the first that is due (query).
    """

    class Meta(Table):
        table_name = named("accounts")

    chunk = NumberAttribute(attr_name="left_of")
    asked = Document(attr_name="elsewhere")

    @property
    def due(self) -> int:
        return int(str(self.part).split("#")[2])


class FailedNames(Part):
    """Names of a chunk of which nothing became, with the reasons, part `Q#`import`#`chunk. Asked: all (query)."""

    class Meta(Table):
        table_name = named("accounts")

    names = Document(attr_name="reasons")


def _failed_row(row: Import, of: str, names: Mapping[str, str]) -> FailedNames | None:
    """The row of a chunk's failed names. None: there are none, or enough are kept."""
    kept = dict(list(names.items())[:MOST_NAMED])
    is_wanted = kept and row.unknown + row.refused < MOST_NAMED
    return FailedNames(row.id, f"{FAILED}{row.import_id}#{of}", names=kept) if is_wanted else None


def left_row(account_id: str, import_id: str, chunk: int, due: float, asked: Mapping[str, Any]) -> Left:
    part = f"{LEFT}{import_id}#{int(due):010d}#{chunk}.{asked['turns']}"
    return Left(account_id, part, chunk=chunk, asked=dict(asked))


@dataclass(frozen=True)
class Owners:
    """Ids of accounts, by case-folded nickname and by uri."""

    by_nickname: Mapping[str, str]
    by_uri: Mapping[str, str]


@dataclass(frozen=True)
class Work:
    """What a chunk needs first. `row`: None if the import is not kept any more. `cursor`: what the job has noted."""

    account: Account | None
    hides: ViewerSet
    row: Import | None
    cursor: Any


def begin(row: Import, jobs: Iterable[Job], failed: Mapping[str, str]) -> None:
    """Write an import with the jobs of its chunks. Of those before it the latest nine stay. One round, mostly."""
    puts = [row, *filter(None, [_failed_row(row, BEGINNING, failed)]), *jobs]
    _, earlier = together(lambda: write_batch(puts=puts), lambda: list_of(row.id, most=2 * KEPT))
    before = [each for each in earlier if each.part < row.part]
    gone = [each for each in before[KEPT - 1:] if _is_over(each)]
    if gone:
        names = together(*[lambda each=each: _failed_rows(row.id, each.import_id) for each in gone])
        write_batch(deletes=[*gone, *(each for found in names for each in found)])


def _failed_rows(account_id: str, import_id: str = "") -> list[FailedNames]:
    """Those of one import, or of all."""
    start = f"{FAILED}{import_id}#" if import_id else FAILED
    return list(FailedNames.query(account_id, FailedNames.part.startswith(start), consistent_read=True))


def failed_of(account_id: str) -> dict[str, dict[str, str]]:
    """The names of which nothing became, with the reasons, by import: the first two hundred of each."""
    found: dict[str, dict[str, str]] = {}
    for row in _failed_rows(account_id):
        names = found.setdefault(str(row.part).split("#")[1], {})
        names.update(list(row.names.items())[:MOST_NAMED - len(names)])
    return found


def _is_over(row: Import) -> bool:
    """Whether nothing needs the row any more."""
    return row.ended is not None or time.time() - milliseconds(row.import_id) / 1000 > UNENDED_SECONDS


def list_of(account_id: str, most: int = KEPT) -> list[Import]:
    """The imports of an account, latest first."""
    return list(Import.query(account_id, Import.part.startswith(PREFIX), consistent_read=True,
                             scan_index_forward=False, limit=most))


def list_with_failed(account_id: str) -> tuple[list[Import], dict[str, dict[str, str]]]:
    """The imports of an account, latest first, and their failed names with the reasons. One round."""
    rows, failed = together(lambda: list_of(account_id), lambda: failed_of(account_id))
    return rows, failed


def load_work(account_id: str, import_id: str, job: str) -> Work:
    """What a chunk needs first, in one round."""
    wanted = key(Import, account_id, PREFIX + import_id)
    own = key(Job, job)
    found = fetch(strong=[accounts.profile_key(account_id), accounts.viewer_set_key(account_id), wanted, own])
    row = found.get(Job, own.hash)
    return Work(accounts.in_found(found, account_id), accounts.viewer_set_in(found, account_id),
                found.get(Import, wanted.hash, wanted.range), row.cursor if row is not None else None)


def count(row: Import, chunk: int, counts: Mapping[str, int], failed: Mapping[str, str],
          left: Left | None = None) -> Import | None:
    """Count a chunk with its failed names and those that are left, unless it is counted already.

    Answers the import as it is then. None: it is not kept any more.
    """
    number, names = str(chunk), _failed_row(row, str(chunk), failed)
    is_new = ~Import.counted.contains(number)
    actions = [Import.counted.add({number})]
    if left is None and names is None:
        actions += [getattr(Import, name).add(each) for name, each in counts.items() if each]
        counted = Import.stub(row.id, row.part)
        written = update(counted, actions, Import.kind.exists() & is_new)
        return counted if written else find(row.id, row.import_id)
    try:
        with transaction() as write:
            _count(write, row, [*actions, *([Import.left.add(1)] if left is not None else [])], counts, is_new)
            for each in (left, names):
                if each is not None:
                    write.put(each)
    except ConditionFailed:
        pass  # another run has counted it, or the import is gone
    return find(row.id, row.import_id)


def _count(write: Writes, row: Import, actions: list[Any], counts: Mapping[str, int], condition: Any = None) -> None:
    """Add to the counters of an import, if it is still kept."""
    actions = [*actions, *(getattr(Import, name).add(each) for name, each in counts.items() if each)]
    if actions:
        exists = Import.kind.exists()
        write.update(Import.stub(row.id, row.part), actions, exists if condition is None else exists & condition)


def find(account_id: str, import_id: str) -> Import | None:
    wanted = key(Import, account_id, PREFIX + import_id)
    return fetch(strong=[wanted]).get(Import, wanted.hash, wanted.range)


def find_owners(nicknames: Iterable[str], uris: Iterable[str]) -> Owners:
    """Whose the nicknames and uris are, in one round."""
    names = {name: nickname_claim(name) for name in nicknames}
    addresses = {uri: uri_claim(uri) for uri in uris}
    found = fetch(strong=[*names.values(), *addresses.values()])
    by_name = {name: found.get(Claim, each.hash) for name, each in names.items()}
    by_uri = {uri: found.get(Claim, each.hash) for uri, each in addresses.items()}
    return Owners({name: str(claim.id) for name, claim in by_name.items() if claim is not None},
                  {uri: str(claim.id) for uri, claim in by_uri.items() if claim is not None and claim.kind == ACCOUNT})


def find_statuses(uris: Iterable[str]) -> dict[str, str]:
    """The ids of the statuses of other servers that are known by these uris, in one round."""
    wanted = {uri: uri_claim(uri) for uri in uris}
    found = fetch(strong=wanted.values())
    claims = {uri: found.get(Claim, each.hash) for uri, each in wanted.items()}
    return {uri: str(claim.id) for uri, claim in claims.items() if claim is not None and claim.kind == STATUS}


# What is asked for elsewhere.


@dataclass(frozen=True)
class LeftWork:
    """The names of an import that are due first, and whose they are. `first`: None if none are left.

    `cursor`: what the job has noted.
    """

    account: Account | None
    row: Import | None
    first: Left | None
    cursor: Any


def load_left(account_id: str, import_id: str, job: str) -> LeftWork:
    """What asking for names needs first, in one round."""
    wanted, mine = key(Import, account_id, PREFIX + import_id), Left.part.startswith(f"{LEFT}{import_id}#")
    own = key(Job, job)
    found, first = together(
        lambda: fetch(strong=[accounts.profile_key(account_id), wanted, own]),
        lambda: list(Left.query(account_id, mine, consistent_read=True, limit=1)),
    )
    return LeftWork(accounts.in_found(found, account_id), found.get(Import, wanted.hash, wanted.range),
                    first[0] if first else None, row.cursor if (row := found.get(Job, own.hash)) is not None else None)


def move_on(left: Left, row: Import, counts: Mapping[str, int], found: Job | None, rest: Left | None,
            failed: Mapping[str, str]) -> bool:
    """Note what became of names that were asked for. False: another run has done so.

    `found`: the chunk of those that are known by now. `rest`: those that are left.
    """
    names = _failed_row(row, f"{left.chunk}.{left.asked['turns']}", failed)
    actions = [Import.chunks.add(1)] if found is not None else []
    actions += [Import.left.add(-1)] if rest is None else []
    try:
        with transaction() as write:
            write.delete(left, Left.part.exists())
            for each in (rest, found, names):
                if each is not None:
                    write.put(each)
            _count(write, row, actions, counts)
    except ConditionFailed:
        return False
    return True


def end(row: Import) -> bool:
    """Note that all chunks are counted, and add the import to the figures of the server. False: it had ended before."""
    try:
        with transaction() as write:
            write.update(Import.stub(row.id, row.part), [Import.ended.set(int(time.time()))],
                         Import.kind.exists() & Import.ended.does_not_exist())
            counters.count_import(write, row.outcome)
    except ConditionFailed:
        return False
    return True
