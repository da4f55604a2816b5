"""Followers of an account that has moved."""

from __future__ import annotations

from ..domain.accounts import moving
from ..queues.federating import MoveFollows
from ..queues.queue import Again, Counts, job


@job(queue="timelines")
def move_follows(message: MoveFollows) -> Counts | Again:
    """Take fifty followers along. Who follows the new account already only stops following the old one."""
    moved = moving.move_followers(message.account_id, message.target_id, message.cause, message.job)
    return {"moved": "all"} if moved is None else Again(counts={"moved": moved})
