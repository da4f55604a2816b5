"""Tallies: what other servers have counted of their polls, at least what was voted from here."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..dynamo.table import update
from ..statuses.polls import at_least, same_votes
from ..statuses.statuses import Status, edition_of, rewritten, unchanged


def write(status: Status, counts: Sequence[int], voters: int | None, poll: Mapping[str, Any]) -> bool:
    """Replace the counts, and when it ends. False if the status is gone, or was changed meanwhile."""
    counts, voters = at_least(status, counts, voters)
    actions = [Status.poll_counts.set(counts), Status.voters_count.set(voters), Status.tallied.set(int(time.time()))]
    kept = {**poll, **({"edition": edition} if (edition := edition_of(status)) else {})}
    if kept != status.content.get("poll"):
        actions += rewritten({**status.content, "poll": kept})
    return update(Status.stub(status.id), actions, unchanged(status) & same_votes(status))
