"""Editing a status of this server: one transaction writes what it says now, and keeps what it said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...dynamo.table import ConditionFailed, transaction
from ...jobs import Job
from ...media.uploads import CHANGED, STATUS, Upload, UploadsChanged, describe_in, place
from ..statuses import Status, edition_in, edition_of, unchanged
from . import versions
from .versions import Edit


@dataclass(frozen=True)
class Revised:
    """What a status is from now on. `uploads`: those that are new in it, or are described otherwise now.

    `poll_counts`: None leaves the counts of its poll, and who has voted, as they are.
    """

    doc: dict[str, Any]
    sensitive: bool
    to: Sequence[str]
    federated: bool | None
    poll_counts: Sequence[int] | None = None
    uploads: Sequence[Upload] = field(default_factory=tuple)


def edit(status: Status, edit: Edit, new: Revised, jobs: Sequence[Job]) -> bool:
    """Write all of it or nothing, with the jobs that follow. `status` is then as it is stored.

    False: the status is gone, or not as it was read. Raises UploadsChanged.
    """
    moves = versions.moves_of(status, new.doc, new.to)
    same = unchanged(status) & (Status.visibility == status.visibility)
    try:
        with transaction() as write:
            write.update(Status.stub(status.id), _actions(status, new), same, label="status")
            write.put(versions.row_of(status, edit, moves))
            versions.move_in(write, moves)
            for job in jobs:
                write.put(job)
            describe_in(write, new.uploads, place(STATUS, status.id))
    except ConditionFailed as failed:
        if CHANGED in failed.labels:
            raise UploadsChanged from failed
        return False
    _apply(status, new)
    return True


def _actions(status: Status, new: Revised) -> list[Any]:
    actions: list[Any] = [Status.doc.set(new.doc), Status.revision.add(1), Status.edits.add(1)]
    actions.append(Status.sensitive.set(True) if new.sensitive else Status.sensitive.remove())
    if list(new.to) != status.addressed:
        actions.append(Status.to.set(list(new.to)))
    if new.federated and not status.federated:
        actions.append(Status.federated.set(True))
    if edition_in(new.doc) != edition_of(status):
        actions.append(Status.poll_edition.set(edition_in(new.doc)))
    if new.poll_counts is not None:
        counts = list(new.poll_counts)
        actions += [Status.poll_counts.set(counts) if counts else Status.poll_counts.remove(),
                    Status.voters_count.remove()]
    return actions


def _apply(status: Status, new: Revised) -> None:
    status.doc, status.sensitive, status.to = new.doc, new.sensitive, list(new.to) or None
    status.federated = new.federated or status.federated
    status.revision += 1
    status.edits += 1
    if new.poll_counts is not None:
        status.poll_counts, status.voters_count = list(new.poll_counts) or None, 0
