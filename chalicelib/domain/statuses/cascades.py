"""Cascades: what goes with a deleted status. Each step finds what is left, so that a second run goes on.

The tombstone goes last: while it stands, the work is not done.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...store.leaving import cascades as store
from ...store.statuses import statuses
from ..search import index
from . import pins


def of_status(status_id: str, tags: Sequence[str]) -> None:
    """Marks with their notifications, mentions' notifications, reblogs, replies' references, tags, words, entries."""
    tombstone = statuses.find_tombstone(status_id)
    if tombstone is not None:
        store.uncount(tombstone)
        pins.forget(tombstone.account_id, tombstone.id)
        store.take_from_feeds(tombstone, tags)
        index.remove(tombstone)
        store.cut_replies(tombstone)
        store.take_back_marks(tombstone)
        store.take_back_mentions(tombstone)
        store.move_conversations_back(tombstone)
        store.erase(tombstone)
