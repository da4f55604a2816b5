"""What those hear who listen by sockets. Where nobody listens, nothing is asked for.

Messages have ids only. Who may see what they are about is decided when they are run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from ...queues.messages import Message
from ...queues.streaming import CloseSockets, TellSockets
from ..event_types.accounts import AccountFollowed, FiltersChanged, FollowRequested, RequestRefused
from ..event_types.announcements import AnnouncementMade, AnnouncementReacted, AnnouncementRemoved
from ..event_types.chats import ChatMessageSent
from ..event_types.notifications import NotificationMade, NotificationsMerged
from ..event_types.statuses import (
    CardKept,
    ReblogRemoved,
    StatusArrived,
    StatusDeleted,
    StatusEdited,
    StatusMarked,
    StatusPosted,
    StatusReblogged,
    VisibilityChanged,
)
from ..event_types.streaming import AppEnded, SocketsOutnumbered, TokensEnded
from ..streaming import listening
from .registering import asks

OF_A_FOLLOW = "pleroma:follow_relationships_update"


def _told(event: str, **about: Any) -> Iterator[Message]:
    if listening.is_anybody():
        yield TellSockets(event, int(time.time()), **about)


@asks(StatusPosted, StatusReblogged, StatusArrived)
def tell_of_status(event: StatusPosted | StatusReblogged | StatusArrived) -> Iterator[Message]:
    yield from _told("update", account_id=event.account_id, id=event.status_id)


@asks(StatusEdited, StatusMarked, CardKept)
def tell_of_edit(event: StatusEdited | StatusMarked | CardKept) -> Iterator[Message]:
    yield from _told("status.update", account_id=event.account_id, id=event.status_id)


@asks(VisibilityChanged)
def tell_of_visibility(event: VisibilityChanged) -> Iterator[Message]:
    yield from _told("status.update", account_id=event.account_id, id=event.status_id, visibility=event.was,
                     tags=list(event.tags), addressed=list(event.addressed))


@asks(StatusDeleted)
def tell_of_deletion(event: StatusDeleted) -> Iterator[Message]:
    yield from _told("delete", account_id=event.account_id, id=event.status_id, visibility=event.visibility,
                     tags=list(event.tags), addressed=list(event.addressed))


@asks(ReblogRemoved)
def tell_of_reblogs_end(event: ReblogRemoved) -> Iterator[Message]:
    yield from _told("delete", account_id=event.account_id, id=event.status_id, visibility=event.visibility)


@asks(NotificationMade)
def tell_of_notification(event: NotificationMade) -> Iterator[Message]:
    yield from _told("notification", account_id=event.account_id, id=str(event.notification_id))


@asks(NotificationsMerged)
def tell_of_merge(event: NotificationsMerged) -> Iterator[Message]:
    yield from _told("notifications_merged", account_id=event.account_id)


@asks(FiltersChanged)
def tell_of_filters(event: FiltersChanged) -> Iterator[Message]:
    yield from _told("filters_changed", account_id=event.account_id)


@asks(ChatMessageSent)
def tell_of_message(event: ChatMessageSent) -> Iterator[Message]:
    yield from _told("pleroma:chat_update", account_id=event.account_id, other_id=event.partner_id)


@asks(FollowRequested)
def tell_of_request(event: FollowRequested) -> Iterator[Message]:
    yield from _told(OF_A_FOLLOW, account_id=event.account_id, other_id=event.other_id, id="follow_pending")


@asks(AccountFollowed)
def tell_of_follow(event: AccountFollowed) -> Iterator[Message]:
    if event.host is None:
        yield from _told(OF_A_FOLLOW, account_id=event.account_id, other_id=event.other_id, id="follow_accept")


@asks(RequestRefused)
def tell_of_refusal(event: RequestRefused) -> Iterator[Message]:
    yield from _told(OF_A_FOLLOW, account_id=event.account_id, other_id=event.other_id, id="follow_reject")


@asks(AnnouncementMade)
def tell_of_announcement(event: AnnouncementMade) -> Iterator[Message]:
    yield from _told("announcement", id=event.announcement_id)


@asks(AnnouncementReacted)
def tell_of_reaction(event: AnnouncementReacted) -> Iterator[Message]:
    yield from _told("announcement.reaction", id=event.announcement_id, other_id=event.emoji)


@asks(AnnouncementRemoved)
def tell_of_removal(event: AnnouncementRemoved) -> Iterator[Message]:
    yield from _told("announcement.delete", id=event.announcement_id)


@asks(TokensEnded)
def close_what_is_over(event: TokensEnded) -> Iterator[Message]:
    if listening.is_anybody():
        yield CloseSockets([event.account_id])


@asks(AppEnded)
def close_those_of_an_app(event: AppEnded) -> Iterator[Message]:
    if event.owner_ids and listening.is_anybody():
        yield CloseSockets(list(dict.fromkeys(event.owner_ids)))


@asks(SocketsOutnumbered)
def close_the_oldest(event: SocketsOutnumbered) -> Iterator[Message]:
    yield CloseSockets([event.account_id], list(event.socket_ids))
