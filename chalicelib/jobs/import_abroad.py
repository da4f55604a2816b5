"""Imports: names of a list that other servers are asked for. On the queue `outside`, which waits for them."""

from __future__ import annotations

from ..domain.relationships.importing import abroad as asking
from ..queues.federating import ImportAbroad
from ..queues.queue import Again, Counts, RunElsewhere, job


@job(queue="outside")
def import_abroad(message: ImportAbroad) -> Counts | Again | RunElsewhere:
    """Ask for as many names as there is time for. What is known by then is not asked for: twice is harmless."""
    step = asking.run(message)
    if step.next is not None:
        return Again(0, step.figures, step.next)
    return RunElsewhere(step.figures) if step.waits else step.figures
