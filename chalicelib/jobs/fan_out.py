"""Fan-out on the queue `timelines`: what follows from a new status."""

from __future__ import annotations

from collections.abc import Sequence

from ..domain.statuses import fan_out
from ..queues.queue import Again, job, job_for_many
from ..queues.statuses import Deliver, DeliverChunk, DeliverPages, DeliverPosted


@job_for_many(queue="timelines")
def deliver_posted(messages: Sequence[DeliverPosted]) -> None:
    """Place new statuses on timelines and in the search index. Keyed by timeline and status: twice is harmless."""
    fan_out.deliver_posted(messages)


@job_for_many(queue="timelines")
def deliver(messages: Sequence[Deliver]) -> None:
    """The same, for statuses that were overdue."""
    fan_out.deliver(messages)


@job(queue="timelines")
def deliver_pages(message: DeliverPages) -> Again | None:
    """Ask for the pages of followers after the first."""
    return fan_out.deliver_pages(message)


@job_for_many(queue="timelines")
def deliver_chunk(messages: Sequence[DeliverChunk]) -> None:
    """Place statuses on the home timelines of one page of followers each."""
    fan_out.deliver_chunk(messages)
