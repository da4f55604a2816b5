"""Telling the author of a poll, and who voted in it here, that it is over."""

from __future__ import annotations

import time

from ...ids import flake_at, flake_beside
from ...queues.queue import Again
from ...store import jobs
from ...store.relationships import subscriptions
from ...store.statuses import addressing, polls, statuses
from .. import events
from ..viewer import Viewer
from ..visibility import may_see
from . import making

PAGES_A_RUN = 20


def tell(status_id: str, job: str) -> Again | None:
    """Tell a page of voters after the other. The job row holds who was looked at last. Twice is harmless."""
    status = statuses.find(status_id)
    poll = status.content.get("poll") if status is not None and not status.deleted else None
    if status is None or poll is None or poll["ends"] is None:
        return None
    left = poll["ends"] - time.time()
    if left > 0:  # the poll was changed and lasts longer; whoever changed it has asked for its end
        return None
    cause = flake_beside(flake_at(poll["ends"] * 1000), status.id)
    if not polls.note_end(status, cause):
        return None
    after = jobs.find_cursor(job)
    ids = [status.account_id] if after is None else []
    for _ in range(PAGES_A_RUN):
        voters, after = polls.voters(status, after)
        _tell(status, [*ids, *voters], cause)
        ids = []
        if after is None or not jobs.save_cursor(job, after):
            return None
    return Again()


def _tell(status: statuses.Status, ids: list[str], cause: str) -> None:
    people = addressing.people([*ids, status.account_id], status.account_id).by_id
    author = people.get(status.account_id)
    if author is None:
        return
    notices = [
        notice for id in ids
        if (person := people.get(id)) is not None
        and may_see(status, Viewer(person.account, person.hides), person.relation)
        and (notice := making.notice("poll", person, by=author.account, cause=cause, status=status)) is not None
    ]
    subscriptions.tell(notices)
    events.tell(*events.told(notices))
