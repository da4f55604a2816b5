"""Changes of emoji packs that were left half done."""

from __future__ import annotations

from ..store.emoji_changes import finish_left
from .messages import TidyEmoji
from .queue import Again, job

LOOKS_AGAIN_AFTER = 60


@job(queue="deletions")
def tidy_emoji(message: TidyEmoji) -> Again | None:
    """Tidy up after whoever died. While a change is under way nobody knows, and it is looked at once more."""
    return None if finish_left() else Again(delay=LOOKS_AGAIN_AFTER)
