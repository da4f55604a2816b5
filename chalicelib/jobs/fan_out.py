"""Fan-out on the queue `timelines`: what follows from a new status."""

from __future__ import annotations

from ..domain.statuses import fan_out
from ..queues.messages import Deliver, DeliverChunk
from ..queues.queue import job


@job(queue="timelines")
def deliver(message: Deliver) -> None:
    """Place a status on home timelines and count it. Keyed by account and status: twice is harmless."""
    fan_out.deliver(message.status_id)


@job(queue="timelines")
def deliver_chunk(message: DeliverChunk) -> None:
    """Place a status on the home timelines of one page of followers."""
    fan_out.deliver_chunk(message.status_id, message.account_ids)
