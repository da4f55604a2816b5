"""Imports: what became of the lists that an account brought. A row for each of the latest ten, in its own partition.

Chunks of a list are counted one by one, each once: the row knows which ones it has counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..accounts import accounts
from ..accounts.accounts import Account, Part, ViewerSet
from ..dynamo.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Table, fetch, named, transaction, update, write_batch
from ..instance import counters
from ..jobs import Job

PREFIX = "I#"
KEPT = 10
VERBS: Mapping[str, str] = {"following": "followed", "blocks": "blocked", "mutes": "muted"}
"""What is done to the accounts of a list, by the kind of the list."""


class Import(Part):
    """One import, part `I#`id.

    Asked: the latest ten (query) · one, with its account (batch get).
    """

    class Meta(Table):
        table_name = named("accounts")

    ABSENT = {"done": 0, "already": 0, "unknown": 0, "refused": 0, "counted": frozenset()}
    kind = UnicodeAttribute(attr_name="imp")
    total = NumberAttribute()
    chunks = NumberAttribute()
    counted = UnicodeSetAttribute(null=True)
    """The numbers of the chunks whose accounts are in the counters."""
    done = NumberAttribute(attr_name="done_n", null=True)
    already = NumberAttribute(attr_name="already_n", null=True)
    unknown = NumberAttribute(attr_name="unknown_n", null=True)
    refused = NumberAttribute(attr_name="refused_n", null=True)
    ended = NumberAttribute(null=True)

    @property
    def import_id(self) -> str:
        return str(self.part).removeprefix(PREFIX)

    @property
    def outcome(self) -> dict[str, int]:
        """How many accounts were followed, blocked or muted, were so already, are unknown, and were refused."""
        return {VERBS[self.kind]: int(self.done), "already": int(self.already), "unknown": int(self.unknown),
                "refused": int(self.refused)}


@dataclass(frozen=True)
class Work:
    """What a chunk needs first. `row`: None if the import is not kept any more. `cursor`: what the job has noted."""

    account: Account | None
    hides: ViewerSet
    row: Import | None
    cursor: Any


def begin(row: Import, jobs: Iterable[Job]) -> None:
    """Write an import with the jobs of its chunks. Of those before it the latest nine stay. One round, mostly."""
    _, earlier = together(lambda: write_batch(puts=[row, *jobs]), lambda: list_of(row.id, most=2 * KEPT))
    write_batch(deletes=[each for each in earlier if each.part < row.part][KEPT - 1:])


def list_of(account_id: str, most: int = KEPT) -> list[Import]:
    """The imports of an account, latest first."""
    return list(Import.query(account_id, Import.part.startswith(PREFIX), consistent_read=True,
                             scan_index_forward=False, limit=most))


def load_work(account_id: str, import_id: str, job: str) -> Work:
    """What a chunk needs first, in one round."""
    wanted = key(Import, account_id, PREFIX + import_id)
    own = key(Job, job)
    found = fetch(strong=[accounts.profile_key(account_id), accounts.viewer_set_key(account_id), wanted, own])
    row = found.get(Job, own.hash)
    return Work(accounts.in_found(found, account_id), accounts.viewer_set_in(found, account_id),
                found.get(Import, wanted.hash, wanted.range), row.cursor if row is not None else None)


def count(row: Import, chunk: int, counts: Mapping[str, int]) -> Import | None:
    """Count a chunk, unless it is counted already. Answers the import as it is then. None: it is not kept any more."""
    number = str(chunk)
    actions = [Import.counted.add({number}),
               *(getattr(Import, name).add(each) for name, each in counts.items() if each)]
    counted = Import.stub(row.id, row.part)
    if update(counted, actions, Import.kind.exists() & ~Import.counted.contains(number)):
        return counted
    return fetch(strong=[key(Import, row.id, row.part)]).get(Import, row.id, row.part)


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
