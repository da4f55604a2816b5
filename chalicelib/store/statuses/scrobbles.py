"""Scrobbles: what an account listened to, in a feed of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dynamo.keys import key
from ..dynamo.table import fetch, transaction
from ..jobs import Job
from ..timelines import feeds
from ..timelines.feeds import FeedRow, Span


def add(id: str, account_id: str, visibility: str, doc: dict[str, Any], *, ttl: int | None = None,
        jobs: Sequence[Job] = ()) -> FeedRow:
    """Write a scrobble with the work that follows. `ttl`: when it is deleted by itself, in seconds since 1970."""
    row = FeedRow(f"s#{account_id}", id, author_id=account_id, visibility=visibility, thread=id, doc=doc)
    row.ttl = ttl
    if not jobs:
        row.save()
        return row
    with transaction() as write:
        write.put(row)
        for job in jobs:
            write.put(job)
    return row


def find(id: str, account_id: str) -> FeedRow | None:
    return fetch(strong=[key(FeedRow, f"s#{account_id}", id)]).get(FeedRow, f"s#{account_id}", id)


def list_of(account_id: str, *, limit: int, above: str | None, below: str | None, ascending: bool) -> list[FeedRow]:
    return feeds.read(FeedRow, f"s#{account_id}", Span(above, below, ascending), limit=limit, strong=True)
