"""What follows here from what happens to accounts."""

from __future__ import annotations

from collections.abc import Iterator

from ...queues.accounts import AccountDelete
from ...queues.federating import EndFollows, MoveFollows
from ...queues.messages import Message
from ...queues.notifications import NotifyPush, TellOfSignUp
from ...queues.statuses import HomeSync
from ...store.timelines import home_sync
from ..event_types.accounts import (
    AccountDeleted,
    AccountFollowed,
    AccountMoved,
    AccountSignedUp,
    AccountUnfollowed,
    DomainsBlocked,
)
from ..event_types.notifications import NotificationMade
from ..notifications import vapid
from .registering import Due, asks, owes

RETRACTED_AFTER = 900
"""Seconds after which statuses are removed from the home timeline of who unfollowed. They are hidden at once."""


@owes(AccountFollowed)
def bring_home(event: AccountFollowed) -> Iterator[Due]:
    if event.deepens and event.host is None:
        yield Due(HomeSync(event.account_id, event.other_id, event.change_id, home_sync.DEEP))


@owes(AccountUnfollowed)
def take_from_home(event: AccountUnfollowed) -> Iterator[Due]:
    if event.host is None and not event.was_request:
        yield Due(HomeSync(event.account_id, event.other_id, event.change_id, home_sync.DEEP), RETRACTED_AFTER)


@owes(AccountMoved)
def take_followers_along(event: AccountMoved) -> Iterator[Due]:
    yield Due(MoveFollows(event.account_id, event.target_id, event.change_id))


@owes(DomainsBlocked)
def end_follows(event: DomainsBlocked) -> Iterator[Due]:
    yield Due(EndFollows(event.account_id, list(event.domains), event.change_id))


@owes(AccountDeleted)
def delete(event: AccountDeleted) -> Iterator[Due]:
    yield Due(AccountDelete(event.account_id))


@asks(AccountSignedUp)
def tell_staff(event: AccountSignedUp) -> Iterator[Message]:
    yield TellOfSignUp(event.account_id)


@asks(NotificationMade)
def push(event: NotificationMade) -> Iterator[Message]:
    if event.pushed and vapid.public_key() is not None:
        yield NotifyPush(event.account_id, event.notification_id)
