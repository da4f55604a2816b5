"""Keeping: statuses of other servers are forgotten after a while, unless somebody here has to do with them.

    happened = [event, *keeping.kept(status)]       nothing more where the status stays anyway
    posting.publish(…, events.owed(*happened))

What is touched here stays for good, and with it the whole thread. So no count is ever too high: a reply counts for what
it answers, a reblog for what it passes on, a quote for what it quotes, and none of them ends before that
(`dating.end`). What comes to a thread that is kept is kept from the start.
"""

from __future__ import annotations

import time

from ...store import jobs
from ...store.statuses.statuses import Status
from .. import events
from ..event_types.statuses import StatusKept
from ..viewer import Viewer

SECONDS_PER_RUN = 30.0
INDEXES_LATE = 90
"""Seconds after which the indexes have caught up, and what was being written meanwhile is there."""


def kept(status: Status | None, by: Viewer | None = None) -> list[StatusKept]:
    """What happens when somebody here touches a status. `by`: who does; accounts of other servers keep nothing."""
    touched = status is not None and status.ttl is not None and (by is None or by.account.host is None)
    return [StatusKept(status.id)] if status is not None and touched else []


def kept_first(status: Status, by: Viewer | None = None) -> list[StatusKept]:
    """As `kept`, where no transaction writes the touch: the job is noted before it, so that it is never lost."""
    happened = kept(status, by)
    if happened:
        jobs.add(events.owed(*happened))
    return happened


def keep_thread(status_id: str) -> tuple[int, float | None]:
    """Let a status and its thread stay. Answers how many statuses and reblogs that were, and when to look again.

    It is done once nothing is found that would end. What was done stays done, so a run may end anywhere.
    """
    from ...store.federation import keeping as store  # for the job alone: requests need only `kept`

    end = time.monotonic() + SECONDS_PER_RUN
    count = 0
    threads = {status.thread for status in store.find([status_id])}
    for page in store.pages(status_id):
        for status in page:
            if time.monotonic() > end:
                return count, 0
            if status.thread in threads:
                store.keep(status)
            else:  # it quotes one of the thread, or is quoted there: its own thread stays with it
                events.tell(*kept_first(status))
            count += 1
    return count, INDEXES_LATE if count else None
