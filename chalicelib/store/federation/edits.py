"""Statuses of other servers that were edited there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction, update
from ..jobs import Job
from ..statuses.edits import versions
from ..statuses.polls import at_least, same_votes
from ..statuses.statuses import Status, edition_in, edition_of


@dataclass(frozen=True)
class EditedElsewhere:
    """How a status is now. The counts are those of its poll. `to`: whom it addresses.

    `edit`: the edit that makes it so, with the jobs that follow. None: it says the same as before.
    """

    doc: dict[str, Any]
    sensitive: bool
    poll_counts: Sequence[int] | None = None
    voters_count: int | None = None
    to: Sequence[str] = ()
    edit: versions.Edit | None = None
    jobs: Sequence[Job] = ()


def edit(status: Status, new: EditedElsewhere) -> bool:
    """Write what the status says now, if that is not what it says. Raises Overtaken if it has changed since it was
    read, or is gone.
    """
    is_same_poll = edition_in(new.doc) == edition_of(status)
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
    if not is_same_poll:
        actions.append(Status.poll_edition.set(edition_in(new.doc)))
        if status.own_votes is not None:
            actions.append(Status.own_votes.remove())
    if list(new.to) != list(status.addressed):
        actions.append(Status.to.set(list(new.to)))
    alive = Status.id.exists() & Status.deleted.does_not_exist()
    same &= Status.ttl == status.ttl if status.ttl is not None else Status.ttl.does_not_exist()
    _write(status, actions, same & alive & same_votes(status), new)
    return True


def _write(status: Status, actions: list[Any], condition: Any, new: EditedElsewhere) -> None:
    """Change the status and its rows, and keep what it said, all or nothing. Raises Overtaken."""
    stub = Status.stub(status.id)
    moves = versions.moves_of(status, new.doc, new.to)
    if not (new.edit or moves.puts or moves.deletes):
        if not update(stub, actions, condition):
            raise Overtaken
        return
    try:
        with transaction() as write:
            if new.edit is not None:
                actions.append(Status.edits.add(1))
                write.put(versions.row_of(status, new.edit, moves))
            write.update(stub, actions, condition)
            versions.move_in(write, moves)
            for job in new.jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _is_as_before(status: Status, new: EditedElsewhere) -> bool:
    counts = list(status.poll_counts or []) if new.poll_counts is not None else None
    voters = status.voters_count if new.voters_count is not None else None
    told = None if new.poll_counts is None else list(new.poll_counts)
    return (status.content, bool(status.sensitive), list(status.addressed), counts, voters) == (
        new.doc, new.sensitive, list(new.to), told, new.voters_count)
