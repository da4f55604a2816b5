"""What follows here from what happens to statuses and in chats."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ...queues.federating import KeepThread
from ...queues.messages import Message
from ...queues.notifications import PollEnded
from ...queues.statuses import (
    DeliverPosted,
    ExpireStatus,
    FetchCard,
    FetchMessageCard,
    FollowEdit,
    Readdress,
    StatusCascade,
)
from ...settings import settings
from ..event_types.chats import ChatMessageSent
from ..event_types.statuses import (
    PollVoted,
    StatusDeleted,
    StatusDelivered,
    StatusEdited,
    StatusKept,
    StatusPosted,
    StatusReblogged,
    StatusUnpinned,
    VisibilityChanged,
)
from .registering import Due, asks, owes

POLL_SETTLES = 5
"""Seconds after the end of a poll when the last votes can be found."""


@asks(StatusPosted, StatusReblogged)
def deliver(event: StatusPosted | StatusReblogged) -> Iterator[Message]:
    """Nothing is lost with this message: the transaction has noted that the status is not delivered yet."""
    yield DeliverPosted(event.status_id, event.account_id)


@owes(StatusPosted, StatusUnpinned)
def expire(event: StatusPosted | StatusUnpinned) -> Iterator[Due]:
    if event.expires is not None:
        yield Due(ExpireStatus(event.status_id), max(event.expires - time.time(), 0))


@owes(StatusDeleted)
def clear_up(event: StatusDeleted) -> Iterator[Due]:
    leaves = event.leaves and settings.federating
    yield Due(StatusCascade(event.status_id, list(event.tags), int(leaves)))


@owes(StatusEdited)
def follow_edit(event: StatusEdited) -> Iterator[Due]:
    yield Due(FollowEdit(event.status_id, event.edit_id))


@owes(StatusPosted, StatusEdited)
def tell_of_end(event: StatusPosted | StatusEdited) -> Iterator[Due]:
    """Who voted learns when the poll is over, and so does its author."""
    if event.poll_ends is not None:
        yield _told_at(event.status_id, event.poll_ends)


@owes(PollVoted)
def tell_voter_of_end(event: PollVoted) -> Iterator[Due]:
    """Of a poll of another server only who votes here knows."""
    if event.votes and event.ends:
        yield _told_at(event.status_id, event.ends)


def _told_at(status_id: str, ends: int) -> Due:
    return Due(PollEnded(status_id), max(ends - time.time() + POLL_SETTLES, 1))


@owes(VisibilityChanged)
def rewrite(event: VisibilityChanged) -> Iterator[Due]:
    yield Due(Readdress(event.status_id, event.change_id, event.was))


@owes(StatusKept)
def keep_thread(event: StatusKept) -> Iterator[Due]:
    yield Due(KeepThread(event.status_id))


@asks(StatusDelivered)
def fetch_card(event: StatusDelivered) -> Iterator[Message]:
    if event.wants_card:
        yield FetchCard(event.status_id, request_id=event.request_id)


@asks(StatusEdited)
def fetch_new_card(event: StatusEdited) -> Iterator[Message]:
    if event.wants_card:
        yield FetchCard(event.status_id)


@asks(ChatMessageSent)
def fetch_message_card(event: ChatMessageSent) -> Iterator[Message]:
    if event.wants_card:
        yield FetchMessageCard(event.chat, event.message_id)
