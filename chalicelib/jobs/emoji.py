"""Changes of emoji packs that were left half done."""

from __future__ import annotations

from ..queues.messages import TidyEmoji
from ..queues.queue import Again, job
from ..store.emoji.changes import finish_left

LOOKS_AGAIN_AFTER = 60


@job(queue="deletions")
def tidy_emoji(message: TidyEmoji) -> Again | None:
    """Tidy up after whoever died. While a change is under way nobody knows, and it is looked at once more."""
    return None if finish_left() else Again(delay=LOOKS_AGAIN_AFTER)
