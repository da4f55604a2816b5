"""Tallies: what other servers have counted of their polls."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ..dynamo.table import update
from ..statuses.statuses import Status, rewritten, unchanged


def write(status: Status, counts: Sequence[int], voters: int | None, poll: Mapping[str, Any]) -> bool:
    """Replace the counts, and when it ends. False if the status is gone, or was changed meanwhile."""
    actions = [Status.poll_counts.set(list(counts)), Status.voters_count.set(voters or 0),
               Status.tallied.set(int(time.time()))]
    if dict(poll) != status.content.get("poll"):
        actions += rewritten({**status.content, "poll": dict(poll)})
    return update(Status.stub(status.id), actions, unchanged(status))
