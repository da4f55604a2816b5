"""Scheduled statuses whose time has come."""

from __future__ import annotations

from ..domain.statuses import scheduled
from ..queues.queue import job
from ..queues.statuses import PublishScheduled


@job(queue="timelines")
def publish_scheduled(message: PublishScheduled) -> None:
    """Post it, once."""
    scheduled.publish(message.account_id, message.id, message.due)
