"""What is sent to other servers."""

from __future__ import annotations

from ..domain.federation.delivering import attempts, deleting, gathering
from ..domain.federation.delivering.activities import Dispatch
from ..domain.federation.delivering.gathering import HowFar
from ..queues.deliveries import Federate, ForgetKeys, SendActivity, SendAgain
from ..queues.queue import Counts, job


@job(queue="timelines")
def federate(message: Federate) -> Counts:
    """Ask for an activity to be sent wherever it goes. Servers know an activity that comes twice by its id."""
    return {"inboxes": gathering.gather(Dispatch(
        message.activity, message.account_id, message.subject, message.cause, message.other_id, message.said),
        HowFar(message.job))}


@job(queue="outside")
def send_activity(message: SendActivity) -> Counts:
    """Send an activity to at most ten inboxes. Twice is harmless there."""
    return attempts.send(message)


@job(queue="outside")
def send_again(message: SendAgain) -> Counts:
    """Send an activity to an inbox that did not take it. The next try has a row of its own."""
    return attempts.send(message)


@job(queue="timelines")
def forget_keys(message: ForgetKeys) -> None:
    """Destroy the keys of a deleted account, or the one that another account had before."""
    deleting.forget_keys(message.account_id)
