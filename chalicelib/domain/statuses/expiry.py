"""Expiring statuses: deleted when their time is over, unless their author has pinned them."""

from __future__ import annotations

import time

from ...queues.messages import ExpireStatus, outbox
from ...store import jobs
from ...store.accounts import accounts
from ...store.jobs import Job
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from . import reading as deleting


def job_of(status: Status) -> Job | None:
    """The job that ends an expiring status; None for one that lasts."""
    if status.expires is None:
        return None
    return outbox(ExpireStatus(status.id), due_in=max(status.expires - time.time(), 0))


def resume(status: Status) -> None:
    """An unpinned status expires again."""
    job = job_of(status)
    if job is not None:
        jobs.add([job])


def expire(status_id: str) -> None:
    """Delete the status if its time is over and nobody pinned it; unpinning asks again."""
    status = statuses.find(status_id)
    if status is None or status.expires is None or status.expires > time.time():
        return
    author = accounts.find(status.account_id)
    if author is not None and status.id in (author.pins or ()):
        return
    deleting.bury(status)
