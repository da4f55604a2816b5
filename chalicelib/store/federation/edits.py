"""Statuses of other servers that were edited there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..dynamo.failures import Overtaken
from ..dynamo.table import update
from ..statuses.statuses import Status


@dataclass(frozen=True)
class Edit:
    """How a status is now. The counts are those of its poll."""

    doc: dict[str, Any]
    sensitive: bool
    poll_counts: Sequence[int] | None = None
    voters_count: int | None = None


def edit(status: Status, new: Edit) -> bool:
    """Write what the status says now, if that is not what it says. Raises Overtaken if it has changed since it was
    read, or is gone.
    """
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
    if not update(Status.stub(status.id), actions, same & Status.id.exists() & Status.deleted.does_not_exist()):
        raise Overtaken
    return True


def _is_as_before(status: Status, new: Edit) -> bool:
    counts = list(status.poll_counts or []) if new.poll_counts is not None else None
    voters = status.voters_count if new.voters_count is not None else None
    return (status.content, bool(status.sensitive), counts, voters) == (
        new.doc, new.sensitive, None if new.poll_counts is None else list(new.poll_counts), new.voters_count)
