"""Statuses that were edited."""

from __future__ import annotations

from ..domain.statuses.edits import following
from ..queues.queue import Again, job
from ..queues.statuses import FollowEdit


@job(queue="timelines")
def follow_edit(message: FollowEdit) -> Again | None:
    """Write what follows from an edit, under keys that follow from it: twice is harmless."""
    return following.go_on(message.status_id, message.edit_id, message.job)
