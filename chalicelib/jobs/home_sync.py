"""Home timelines after a follow began or ended."""

from __future__ import annotations

from ..domain import relationships
from .messages import HomeSync
from .queue import Counts, job


@job(queue="timelines")
def home_sync(message: HomeSync) -> Counts:
    """Bring what a follow brings, or take it away: whichever is right when this runs, not when it was asked for."""
    return {"rows": relationships.agree_home(message.owner, message.other, message.depth)}
