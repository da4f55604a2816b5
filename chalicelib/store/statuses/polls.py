"""Ballots: what one account chose in a poll. One transaction puts it on the mark and counts it on the status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dynamo.table import ConditionFailed, transaction
from .marks import Mark
from .statuses import Status


def vote(status: Status, by: str, choices: Sequence[int]) -> bool:
    """Record a ballot and count it. False when there is one already, or the poll is gone."""
    counts: list[Any] = [Status.poll_counts[choice].set(Status.poll_counts[choice] + 1) for choice in choices]
    try:
        with transaction() as write:
            actions = [Mark.ballot.set(list(choices)), Mark.visibility.set(status.visibility),
                       Mark.author_id.set(status.account_id)]
            write.update(Mark.stub(by, status.id), actions, Mark.ballot.does_not_exist())
            alive = Status.poll_counts.exists() & Status.deleted.does_not_exist()
            write.update(Status.stub(status.id), [*counts, Status.voters_count.add(1)], alive)
    except ConditionFailed:
        return False
    return True
