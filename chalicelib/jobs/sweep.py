"""The sweep: each minute, send again what should have run by now.

It brings back what a crash lost between a transaction and its message, and starts what was meant for later.
"""

from __future__ import annotations

import time

from .. import metrics
from ..domain.statuses import fan_out
from ..domain.streaming import keeping
from ..metrics import Value
from ..queues import messages, queue
from ..store import jobs
from ..store.jobs import Job

MOST_TURNS = 10


def sweep() -> dict[str, int]:
    """Send the messages of overdue job rows, after making rows of statuses whose delivery is overdue.

    Counts what was sent, given up, and not understood.
    """
    counts = {"sent": 0, "given_up": 0, "unknown": 0}
    fan_out.take_up_overdue()
    keeping.sweep()
    for _ in range(MOST_TURNS):
        taken, given_up = jobs.overdue()
        wanted = {job.id: message for job in taken if (message := _message(job)) is not None}
        queue.send_all(wanted[job.id] for job in taken if job.id in wanted and not job.timed)
        for job in taken:
            if job.id in wanted and job.timed:
                queue.send(wanted[job.id], delay=max(job.due - time.time(), 0))
        counts["sent"] += len(wanted)
        counts["unknown"] += len(taken) - len(wanted)
        counts["given_up"] += len(given_up)
        if not taken:
            break
    if any(counts.values()):
        queue.note("sweep", failed=bool(counts["given_up"] or counts["unknown"]), **counts)
    metrics.note(Value("JobsGivenUp", counts["given_up"]))
    metrics.write()  # an alarm waits for it
    return counts


def _message(job: Job) -> messages.Message | None:
    """The message of a row. None: this version does not know the kind, so the row stays for one that does."""
    try:
        return messages.of(job.kind, job.payload)
    except messages.Malformed:
        return None
