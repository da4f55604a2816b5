"""Statuses whose time is over."""

from __future__ import annotations

from ..domain.statuses import expiry
from ..queues.queue import job
from ..queues.statuses import ExpireStatus


@job(queue="timelines")
def expire_status(message: ExpireStatus) -> None:
    """Delete a status at its time, unless it is pinned by then."""
    expiry.expire(message.status_id)
