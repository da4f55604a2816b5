"""Changes of emoji packs that were left half done."""

from __future__ import annotations

from ..queues.instance import TidyEmoji
from ..queues.queue import Again, job
from ..store.emoji.changes import finish_left

LOOKS_AGAIN_AFTER = 60


@job(queue="timelines")
def tidy_emoji(message: TidyEmoji) -> Again | None:
    """Tidy up after a function that died. While a change may still be under way, the job is asked once more."""
    return None if finish_left() else Again(delay=LOOKS_AGAIN_AFTER)
