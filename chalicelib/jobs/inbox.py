"""What other servers have sent to the inboxes."""

from __future__ import annotations

from ..domain.federation.receiving import processing
from ..queues.federating import Inbound
from ..queues.queue import Again, Counts, job


@job(queue="inbox")
def receive(message: Inbound) -> Counts | Again:
    """Do what an activity says, if it may be done."""
    return processing.process(message)
