"""Backfills: derived rows that are made again."""

from __future__ import annotations

from ..domain.instance import backfilling
from ..queues.instance import Backfill
from ..queues.queue import Again, Counts, RunElsewhere, job


@job(queue="timelines")
def backfill(message: Backfill) -> Again | RunElsewhere | Counts:
    """Do some pages of a table. Twice is harmless: the second time changes nothing."""
    return backfilling.go_on(message)
