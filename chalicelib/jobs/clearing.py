"""Clearing notifications, when there are too many for one request."""

from __future__ import annotations

from ..domain.notifications import reading
from ..queues.notifications import ClearNotifications
from ..queues.queue import Again, Counts, job


@job(queue="timelines")
def clear_notifications(message: ClearNotifications) -> Counts | Again:
    """Delete a thousand in each run. What is deleted is not found again: twice is harmless."""
    deleted = reading.go_on_clearing(message.account_id, message.up_to)
    return Again(counts={"items": deleted}) if deleted is not None else None
