"""Home timelines after a follow began or ended."""

from __future__ import annotations

from ..domain.relationships import following
from ..queues.queue import Counts, job
from ..queues.statuses import HomeSync


@job(queue="timelines")
def home_sync(message: HomeSync) -> Counts:
    """Bring what a follow brings, or take it away: whichever is right when this runs, not when it was asked."""
    return {"rows": following.agree_home(message.owner, message.other, message.depth)}
