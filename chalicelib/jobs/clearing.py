"""Clearing notifications and settling requests, when there are too many for one request."""

from __future__ import annotations

from ..domain.notifications import groups, reading, requests
from ..queues.notifications import ClearNotifications, DismissGroup, SettleRequest
from ..queues.queue import Again, Counts, job


@job(queue="timelines")
def clear_notifications(message: ClearNotifications) -> Counts | Again:
    """Delete a thousand in each run. What is deleted is not found again: twice is harmless."""
    deleted = reading.go_on_clearing(message.account_id, message.up_to)
    return Again(counts={"items": deleted}) if deleted is not None else None


@job(queue="timelines")
def dismiss_group(message: DismissGroup) -> None:
    """What is deleted is not found again: twice is harmless."""
    groups.dismiss_rest(message.account_id, message.key)


@job(queue="timelines")
def settle_request(message: SettleRequest) -> Counts | Again:
    """Two hundred in each run. What is released or deleted is not found again: twice is harmless."""
    done = requests.settle(message.account_id, message.sender_id, message.up_to)
    return Again(counts={"items": done}) if done is not None else None
