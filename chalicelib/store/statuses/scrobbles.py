"""Scrobbles: what an account listened to, in a feed of its own."""

from __future__ import annotations

from typing import Any

from ..timelines import feeds
from ..timelines.feeds import FeedRow, Span


def add(id: str, account_id: str, visibility: str, doc: dict[str, Any]) -> FeedRow:
    row = FeedRow(f"s#{account_id}", id, author_id=account_id, visibility=visibility, thread=id, doc=doc)
    row.save()
    return row


def list_of(account_id: str, *, limit: int, above: str | None, below: str | None, ascending: bool) -> list[FeedRow]:
    return feeds.read(FeedRow, f"s#{account_id}", Span(above, below, ascending), limit=limit, strong=True)
