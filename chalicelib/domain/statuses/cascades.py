"""Cascades: what is deleted with a status. Each step finds what is left, so that a second run goes on.

The tombstone is deleted last. As long as it exists, the work is not done.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...store.leaving import cascades as store
from ...store.statuses import statuses
from ..federation.delivering import deleting
from ..search import index
from . import pins


def clear_up(status_id: str, tags: Sequence[str], *, leaves: bool = False) -> None:
    """Delete marks and notifications, reblogs, references in replies, entries of tags, words and timelines."""
    tombstone = statuses.find_tombstone(status_id)
    if tombstone is not None:
        if leaves:
            deleting.tell_of_status(tombstone)  # whoever marked or answered it is known only as long as that is here
        pins.forget(tombstone.account_id, tombstone.id)
        store.take_from_feeds(tombstone, tags)
        index.remove(tombstone)
        store.cut_replies(tombstone)
        store.cut_quotes(tombstone)
        store.take_back_marks(tombstone)
        store.take_back_mentions(tombstone)
        store.forget_versions(tombstone)
        store.move_conversations_back(tombstone)
        store.erase(tombstone)
