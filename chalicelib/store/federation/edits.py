"""Statuses of other servers that were edited there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, has_ended, transaction, update
from ..notifications import notifications
from ..notifications.notifications import Notice
from ..statuses.polls import at_least, same_votes
from ..statuses.statuses import Status, edition_of
from ..timelines import feeds
from ..timelines.feeds import FeedRow


@dataclass(frozen=True)
class Edit:
    """How a status is now. The counts are those of its poll. `to`: whom it addresses. `notices`: who is told of it."""

    doc: dict[str, Any]
    sensitive: bool
    poll_counts: Sequence[int] | None = None
    voters_count: int | None = None
    to: Sequence[str] = ()
    notices: Sequence[Notice] = ()


def edit(status: Status, new: Edit) -> bool:
    """Write what the status says now, if that is not what it says. Raises Overtaken if it has changed since it was
    read, or is gone.
    """
    is_same_poll = _edition(new.doc) == edition_of(status)
    if is_same_poll and new.poll_counts is not None:
        counts, voters = at_least(status, new.poll_counts, new.voters_count)
        new = replace(new, poll_counts=counts, voters_count=None if new.voters_count is None else voters)
    if _is_as_before(status, new):
        return True
    revision = int(status.revision)
    same = Status.revision == revision if revision else Status.revision.does_not_exist()
    actions: list[Any] = [Status.doc.set(new.doc), Status.revision.add(1)]
    actions.append(Status.sensitive.set(True) if new.sensitive else Status.sensitive.remove())
    if new.poll_counts is not None:
        actions.append(Status.poll_counts.set(list(new.poll_counts)))
    if new.voters_count is not None:
        actions.append(Status.voters_count.set(new.voters_count))
    if not is_same_poll and status.own_votes is not None:
        actions.append(Status.own_votes.remove())
    if list(new.to) != list(status.addressed):
        actions.append(Status.to.set(list(new.to)))
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    same &= Status.ttl == status.ttl if status.ttl is not None else Status.ttl.does_not_exist()
    _write(status, actions, same & alive & same_votes(status), new)
    return True


def _write(status: Status, actions: Sequence[Any], condition: Any, new: Edit) -> None:
    """Change the status and its rows, and tell people, all or nothing. Raises Overtaken."""
    stub = Status.stub(status.id)
    puts, deletes = _moved(status, new)
    if not (new.notices or puts or deletes):
        if not update(stub, actions, condition):
            raise Overtaken
        return
    try:
        with transaction() as write:
            write.update(stub, actions, condition)
            for row in deletes:
                write.delete(row)
            for row in puts:
                write.put(row)
            for notice in new.notices:
                notifications.tell(write, notice)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _moved(status: Status, new: Edit) -> tuple[list[FeedRow], list[FeedRow]]:
    """The rows to put and to delete, so that the feeds are those that its tags and attachments put it into now.

    Rows whose time is over stay away.
    """
    before = {row.feed: row for row in feeds.permanent_rows(status)}
    was = status.doc, status.to
    status.doc, status.to = new.doc, list(new.to) or None
    after = {row.feed: row for row in feeds.permanent_rows(status)}
    status.doc, status.to = was
    now = time.time()
    puts = [row for feed, row in after.items() if not has_ended(row, now)
            and (feed not in before or row.attribute_values != before[feed].attribute_values)]
    return puts, [row for feed, row in before.items() if feed not in after]


def _edition(doc: dict[str, Any]) -> int:
    return int((doc.get("poll") or {}).get("edition", 0))


def _is_as_before(status: Status, new: Edit) -> bool:
    counts = list(status.poll_counts or []) if new.poll_counts is not None else None
    voters = status.voters_count if new.voters_count is not None else None
    told = None if new.poll_counts is None else list(new.poll_counts)
    return (status.content, bool(status.sensitive), list(status.addressed), counts, voters) == (
        new.doc, new.sensitive, list(new.to), told, new.voters_count)
