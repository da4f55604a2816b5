"""Who listens to what: for each event the work that follows from it.

    @owes(StatusPosted)     work that must not be lost: its job row is written in the transaction of the change
    @asks(NotificationMade) work that may be lost without harm: only a message

Listeners make messages from the ids in an event. They read nothing, so they do not make a request slower.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..queues.federating import RefreshAccount, RefreshPoll
from ..queues.messages import (
    AccountDelete,
    DeliverPosted,
    DescribeHost,
    ExpireStatus,
    FetchCard,
    FetchMessageCard,
    HomeSync,
    Message,
    NotifyPush,
    Readdress,
    StatusCascade,
)
from ..store.timelines import home_sync
from .event_types import (
    AccountDeleted,
    AccountFollowed,
    AccountUnfollowed,
    ChatMessageSent,
    Event,
    ForeignAccountViewed,
    ForeignPollViewed,
    HostMet,
    NotificationMade,
    StatusDeleted,
    StatusDelivered,
    StatusPosted,
    StatusReblogged,
    StatusUnpinned,
    VisibilityChanged,
)
from .notifications import push_subscriptions

RETRACTED_AFTER = 900
"""Seconds after which statuses are removed from the home timeline of who unfollowed. They are hidden at once."""


@dataclass(frozen=True)
class Due:
    """Work that must not be lost. `after`: so many seconds later. None: as soon as the change is written."""

    message: Message
    after: float | None = None


Owing = Callable[[Any], Iterable[Due]]
Asking = Callable[[Any], Iterable[Message]]
OWING: dict[type[Event], list[Owing]] = {}
ASKING: dict[type[Event], list[Asking]] = {}


def owes(*kinds: type[Event]) -> Callable[[Owing], Owing]:
    """Register a function that says which work these events owe. It is called twice, and must answer the same."""
    def register(listener: Owing) -> Owing:
        for kind in kinds:
            OWING.setdefault(kind, []).append(listener)
        return listener

    return register


def asks(*kinds: type[Event]) -> Callable[[Asking], Asking]:
    """Register a function that says which messages follow from these events, once they are written."""
    def register(listener: Asking) -> Asking:
        for kind in kinds:
            ASKING.setdefault(kind, []).append(listener)
        return listener

    return register


# Statuses.


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
    yield Due(StatusCascade(event.status_id, list(event.tags)))


@owes(VisibilityChanged)
def rewrite(event: VisibilityChanged) -> Iterator[Due]:
    yield Due(Readdress(event.status_id, event.change_id, event.was))


@asks(StatusDelivered)
def fetch_card(event: StatusDelivered) -> Iterator[Message]:
    if event.wants_card:
        yield FetchCard(event.status_id, request_id=event.request_id)


@asks(ChatMessageSent)
def fetch_message_card(event: ChatMessageSent) -> Iterator[Message]:
    if event.wants_card:
        yield FetchMessageCard(event.chat, event.message_id)


# Other servers.


@asks(HostMet)
def describe_host(event: HostMet) -> Iterator[Message]:
    yield DescribeHost(event.base)


# Accounts.


@owes(AccountFollowed)
def bring_home(event: AccountFollowed) -> Iterator[Due]:
    if event.deepens and event.host is None:
        yield Due(HomeSync(event.account_id, event.other_id, event.change_id, home_sync.DEEP))


@owes(AccountUnfollowed)
def take_from_home(event: AccountUnfollowed) -> Iterator[Due]:
    if event.host is None and not event.was_request:
        yield Due(HomeSync(event.account_id, event.other_id, event.change_id, home_sync.DEEP), RETRACTED_AFTER)


@owes(AccountDeleted)
def delete(event: AccountDeleted) -> Iterator[Due]:
    yield Due(AccountDelete(event.account_id))


# What other servers may have changed.


@asks(ForeignAccountViewed)
def refresh_account(event: ForeignAccountViewed) -> Iterator[Message]:
    yield RefreshAccount(event.account_id)


@asks(ForeignPollViewed)
def refresh_poll(event: ForeignPollViewed) -> Iterator[Message]:
    yield RefreshPoll(event.status_id)


# What an account is told.


@asks(NotificationMade)
def push(event: NotificationMade) -> Iterator[Message]:
    if event.pushed and push_subscriptions.public_key() is not None:
        yield NotifyPush(event.account_id, event.notification_id)
