"""Pushing notifications to the clients that subscribed to them."""

from __future__ import annotations

from ..domain.notifications import push_jobs
from ..queues.notifications import NotifyPush
from ..queues.queue import Counts, job


@job(queue="outside")
def notify_push(message: NotifyPush) -> Counts:
    """Push one notification. Twice shows it once: the second replaces the first, because both have one topic."""
    return push_jobs.deliver(message)
