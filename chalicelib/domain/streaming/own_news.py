"""What only some accounts hear, on the streams of their own: notifications, conversations, chats, follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...ids import participation_number
from ...store import chats as chat_store
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from .. import chats
from ..chats import Chats
from ..notifications import reading
from ..notifications.reading import NotificationPage
from ..refusals import NotFound
from ..timelines import conversations
from ..timelines.conversations import Conversations
from ..visibility import is_direct
from .audience import Hall, Seat, seated
from .streams import CHATS, DIRECT, NOTIFICATIONS, USER

WITH_NOTIFICATIONS = frozenset({USER, NOTIFICATIONS, "user:notifications"})


@dataclass(frozen=True)
class Relating:
    """The two accounts of a follow, for the one that follows."""

    seats: list[Seat]
    follower: Account
    followed: Account


def listening(account_id: str, names: Iterable[str], needs: str = "") -> list[Seat]:
    """Where an account listens to streams of these names, with a token that has the scope `needs`."""
    return seated(Hall.of([account_id]).taken(frozenset(names)), needs)


def notified(account_id: str, number: int) -> list[tuple[Seat, NotificationPage]]:
    """Where an account hears of a notification, unless its list would not have it."""
    return [(seat, page) for seat in listening(account_id, WITH_NOTIFICATIONS, "read:notifications")
            if seat.viewer is not None and (page := reading.find_new(number, seat.viewer)) is not None]


def conversing(status_id: str, hall: Hall) -> list[tuple[Seat, Conversations]]:
    """Who hears that something new is in one of their conversations."""
    status = statuses.find(status_id)
    if status is None or not is_direct(status.visibility):
        return []
    concerned = {status.account_id, *status.addressed}
    seats = seated((each, stream) for each, stream in hall.taken({DIRECT}) if each.account_id in concerned)
    return [(seat, found) for seat in seats if (found := _conversation(status, seat)) is not None]


def _conversation(status: Status, seat: Seat) -> Conversations | None:
    """The conversation of a direct status, if that is the newest that the viewer sees there."""
    if seat.viewer is None:
        return None
    try:
        found = conversations.get(str(participation_number(seat.viewer.id, status.thread)), seat.viewer)
    except NotFound:
        return None
    return found if found.listed and found.listed[0].last is not None else None


def chatting(author_id: str, partner_id: str) -> list[tuple[Seat, Chats]]:
    """Where both sides hear of a message, each with the chat as their own side is."""
    found = []
    for owner, other in dict.fromkeys(((author_id, partner_id), (partner_id, author_id))):
        for seat in listening(owner, {USER, CHATS}, "read:chats"):
            chat = chat_store.find_with(owner, other)[1]
            if seat.viewer is not None and chat is not None:
                view = chats.load([chat], seat.viewer.account)
                found += [(seat, view)] if view.listed else []
    return found


def relating(follower_id: str, followed_id: str) -> Relating | None:
    """Where an account hears what became of its wish to follow."""
    seats = listening(follower_id, {USER}, "read:follows")
    known = accounts.find_many([follower_id, followed_id], strong=True) if seats else {}
    if follower_id not in known or followed_id not in known:
        return None
    return Relating(seats, known[follower_id], known[followed_id])
