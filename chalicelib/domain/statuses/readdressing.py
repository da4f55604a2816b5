"""Readdressing: what follows when the staff changes whom a status is for, beyond what the change itself writes.

The job brings everything in line with what the status is when it runs. So of two changes it does not matter whose job
comes last.
"""

from __future__ import annotations

from ...queues.queue import Again
from ...store import jobs
from ...store.statuses import readdressing, statuses
from ..search import index
from ..visibility import is_for_chosen
from . import fan_out

PAGES_A_RUN = 20


def go_on(status_id: str, was: str, job: str) -> Again | None:
    """Rewrite timelines, the index, conversations, replies and notifications, and then the marks, page by page.

    `was`: the visibility before the change. `job`: its row holds how far the marks are rewritten.
    """
    status = statuses.find(status_id)
    if status is None:
        return None
    after = jobs.find_cursor(job)
    if after is None:
        index.refresh([status])
        fan_out.place_anew(status)
        if is_for_chosen(was):
            readdressing.leave_conversations(status)
        readdressing.rewrite_replies(status)
        readdressing.rewrite_notices(status)
    for _ in range(PAGES_A_RUN):
        after = readdressing.rewrite_marks(status, after)
        if after is None or not jobs.save_cursor(job, after):
            return None
    return Again()
