"""Pushing notifications to whoever subscribed to them."""

from __future__ import annotations

from ..domain.notifications import push_jobs
from ..queues.messages import NotifyPush
from ..queues.queue import Counts, job


@job(queue="timelines")
def notify_push(message: NotifyPush) -> Counts:
    """Push one notification. Twice shows it once: the second takes the place of the first, by its topic."""
    return push_jobs.deliver(message.account_id, message.notification_id, message.subscription, message.tries)
