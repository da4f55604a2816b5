"""Cascades: what is deleted together with a status."""

from __future__ import annotations

from ..domain.statuses import cascades
from ..queues.queue import job
from ..queues.statuses import StatusCascade


@job(queue="timelines")
def status_cascade(message: StatusCascade) -> None:
    """Delete what belonged to a deleted status. It deletes what it finds: twice is harmless."""
    cascades.clear_up(message.status_id, message.tags, leaves=bool(message.leaves))
