"""Telling people what nobody did to them: that a poll is over, that somebody has signed up."""

from __future__ import annotations

from ..domain.notifications import poll_ends, sign_ups
from ..queues.notifications import PollEnded, TellOfSignUp
from ..queues.queue import Again, Counts, job


@job(queue="timelines")
def poll_ended(message: PollEnded) -> Again | None:
    """The ids of the notifications follow from the poll: twice is harmless."""
    return poll_ends.tell(message.status_id, message.job)


@job(queue="timelines")
def tell_of_sign_up(message: TellOfSignUp) -> Counts:
    """The ids of the notifications follow from the account: twice is harmless."""
    return sign_ups.tell(message.account_id)
