"""Follows that end or begin with something else: a move, a block of a host."""

from __future__ import annotations

from ..domain.accounts import moving
from ..domain.relationships import severing
from ..queues.federating import EndFollows, MoveFollows
from ..queues.queue import Again, Counts, job


@job(queue="timelines")
def move_follows(message: MoveFollows) -> Counts | Again:
    """Take fifty followers along. Who follows the new account already only stops following the old one."""
    moved = moving.move_followers(message.account_id, message.target_id, message.cause, message.job)
    return {"moved": "all"} if moved is None else Again(counts={"moved": moved})


@job(queue="timelines")
def end_follows(message: EndFollows) -> Counts | Again:
    """End what there is of follows between an account and hosts that it has blocked, and tell these."""
    ended = severing.end_follows(message.account_id, message.domains, message.cause, message.job)
    return {"ended": "all"} if ended is None else Again(counts={"ended": ended})
