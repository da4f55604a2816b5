"""Statuses that are not delivered yet: an outbox of its own, because every post needs one.

A row `u#`shard in `home`, written in the transaction that posts. It sorts by the status' id, and so by time: overdue
ones are found without an index. A job row with its index would cost as much again as the status itself.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable

from ... import request_ids
from ...ids import flake_at
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import write_batch
from ..jobs import PATIENCE, SHARDS
from ..timelines.feeds import HomeRow, Span, read
from .statuses import Status


def row_of(status: Status) -> HomeRow:
    return HomeRow(_feed(status.id), status.id, author_id=status.account_id, visibility=status.visibility,
                   thread=status.thread, request_id=request_ids.current() or None)


def row_key(status_id: str) -> Key:
    return key(HomeRow, _feed(status_id), status_id)


def done(status_ids: Iterable[str]) -> None:
    """Nothing is left to do for these statuses."""
    write_batch(deletes=[HomeRow.stub(_feed(id), id) for id in status_ids])


def overdue(limit: int = 100) -> list[HomeRow]:
    """The rows of statuses that should have been delivered by now, the oldest of each shard first."""
    before = Span(below=flake_at(int((time.time() - PATIENCE) * 1000)), ascending=True)
    found = together(*[lambda shard=shard: read(HomeRow, f"u#{shard}", before, limit=limit, strong=True)
                       for shard in range(SHARDS)])
    return [row for rows in found for row in rows]


def _feed(status_id: str) -> str:
    return f"u#{zlib.crc32(status_id.encode()) % SHARDS}"
