"""Statuses whose visibility the staff changed."""

from __future__ import annotations

from ..domain.statuses import readdressing
from ..queues.queue import Again, job
from ..queues.statuses import Readdress


@job(queue="timelines")
def readdress(message: Readdress) -> Again | None:
    """Write what the status is now wherever it stands: twice is harmless."""
    return readdressing.go_on(message.status_id, message.was, message.job)
