"""Streaming: what happened, in the words of clients, to those who listen.

Whoever listens, and may see it, is found when the message is run. Nothing is tried again but a socket that was too
slow for a moment: a message that comes twice, or does not, is something that can be read again.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ..domain.instance import announcements
from ..domain.instance.announcements import Seen
from ..domain.refusals import NotFound
from ..domain.streaming import audience, keeping, own_news
from ..domain.streaming.audience import GoneStatus, Hall, Seat, ShownStatus
from ..domain.streaming.own_news import WITH_NOTIFICATIONS
from ..domain.streaming.streams import USER, Stream
from ..entities.accounts.account import arrange_account
from ..entities.chat import render_chats
from ..entities.instance.announcement import render_announcements
from ..entities.notifications.notification import render_notification
from ..entities.statuses.status import render_statuses
from ..entities.timelines.conversation import render_conversations
from ..queues.queue import Counts, job, job_for_many
from ..queues.streaming import CloseSockets, KeepAlive, TellSockets
from ..store.streaming import gateway
from ..store.streaming.gateway import Posted

OLDEST = 60
"""Seconds after which nobody hears of something any more: after a breakdown an hour is not played again."""
Frame = tuple[str, bytes]
"""A socket, and what is sent there."""


class Halls:
    """Who listens, read once for all messages of a batch, and only if it is asked for."""

    @cached_property
    def everybody(self) -> Hall:
        return Hall.of_all()


@job_for_many(queue="streams")
def stream(messages: Sequence[TellSockets]) -> Counts:
    """Send what happened to those who listen, one thing after the other. Each is judged before any of it is sent.

    So the first of them does not wait for the last. If the time of the function is over, they have arrived.
    """
    now, halls = time.time(), Halls()
    fresh = [each for each in messages if now - each.at <= OLDEST]
    outcomes: Counter[Posted] = Counter()
    for each in fresh:
        by_socket: dict[str, list[bytes]] = {}
        for id, data in FRAMES[each.event](each, halls):
            by_socket.setdefault(id, []).append(data)
        outcomes += gateway.post_all(by_socket)
    return {"dropped": len(messages) - len(fresh), **{outcome.value: count for outcome, count in outcomes.items()}}


@job(queue="streams")
def close_sockets(message: CloseSockets) -> Counts:
    """Close sockets whose tokens are over. Twice finds none."""
    return keeping.close(message.account_ids, message.socket_ids)


@job(queue="streams")
def keep_alive(message: KeepAlive) -> Counts:
    """Send heartbeats. One that comes twice does no harm."""
    return keeping.keep_alive(message.socket_ids)


def _frame(words: Sequence[str], event: str, payload: str | None = None) -> bytes:
    """A message. Its payload is a text: JSON, or the id of a deleted status."""
    said = {"stream": words, "event": event, **({"payload": payload} if payload is not None else {})}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _at(seats: Iterable[Seat], event: str, payload: str | None = None) -> Iterator[Frame]:
    for seat in seats:
        yield seat.socket_id, _frame(seat.stream.words, event, payload)


# What is sent, by event.


def _status(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    """A status as each viewer sees it. Those who see the same get the same text."""
    texts: dict[tuple[Any, ...], str] = {}
    for shown in audience.listed_for(message.id, halls.everybody):
        place = _place(shown)
        if place not in texts:
            rendered = render_statuses([shown.status], shown.seat.viewer, shown.around, context=shown.context)
            texts[place] = _text(rendered[0])
        yield shown.seat.socket_id, _frame(shown.seat.stream.words, message.event, texts[place])


def _place(shown: ShownStatus) -> tuple[Any, ...]:
    viewer = shown.seat.viewer
    return shown.seat.account_id, viewer is not None and viewer.takes_every_state, shown.context


def _update(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    yield from _status(message, halls)
    for seat, found in own_news.conversing(message.id, halls.everybody):
        if seat.viewer is not None:
            yield from _at([seat], "conversation", _text(render_conversations(found, seat.viewer)[0]))


def _status_update(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    """A status that is not what it was. For those who saw it, and may not see it any more, it is gone."""
    yield from _status(message, halls)
    if message.visibility:
        yield from _gone(message, audience.told_of_hiding(message.id, _as_it_was(message), halls.everybody))


def _delete(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    return _gone(message, audience.told_of_deletion(_as_it_was(message), halls.everybody))


def _as_it_was(message: TellSockets) -> GoneStatus:
    return GoneStatus(message.account_id, message.visibility, message.tags, message.addressed)


def _gone(message: TellSockets, places: Iterable[tuple[str, Stream]]) -> Iterator[Frame]:
    for id, listened in places:
        yield id, _frame(listened.words, "delete", message.id)


def _notification(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    for seat, page in own_news.notified(message.account_id, int(message.id)):
        if seat.viewer is not None:
            yield from _at([seat], message.event, _text(render_notification(page, seat.viewer)))


def _notifications_merged(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    yield from _at(own_news.listening(message.account_id, WITH_NOTIFICATIONS, "read:notifications"),
                   message.event, _text(1))


def _filters_changed(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    yield from _at(own_news.listening(message.account_id, {USER}), message.event)


def _chat_update(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    for seat, found in own_news.chatting(message.account_id, message.other_id):
        if seat.viewer is not None:
            yield from _at([seat], message.event, _text(render_chats(found, seat.viewer)[0]))


def _relationships(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    """`id`: what became of the follow."""
    found = own_news.relating(message.account_id, message.other_id)
    for seat in found.seats if found is not None else ():
        people = {name: arrange_account(account, seat.viewer)
                  for name, account in (("follower", found.follower), ("following", found.followed))} if found else {}
        told = {name: {"id": each["id"], "follower_count": each["followers_count"],
                       "following_count": each["following_count"]} for name, each in people.items()}
        yield from _at([seat], message.event, _text({"state": message.id, **told}))


def _announcement(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    try:
        found = announcements.get(message.id)
    except NotFound:
        return
    if announcements.is_shown(found.doc, time.time()):
        yield from _to_everybody(message, halls, _text(render_announcements([Seen(found)])[0]))


def _announcement_reaction(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    """`other_id`: the emoji."""
    try:
        count = announcements.get(message.id).reactions.get(message.other_id, 0)
    except NotFound:
        return
    told = {"name": message.other_id, "count": int(count), "announcement_id": message.id}
    yield from _to_everybody(message, halls, _text(told))


def _announcement_deletion(message: TellSockets, halls: Halls) -> Iterator[Frame]:
    yield from _to_everybody(message, halls, message.id)


def _to_everybody(message: TellSockets, halls: Halls, payload: str) -> Iterator[Frame]:
    """To all who have an account and listen to what concerns it."""
    yield from _at(audience.seated(halls.everybody.taken({USER})), message.event, payload)


FRAMES: Mapping[str, Callable[[TellSockets, Halls], Iterator[Frame]]] = {
    "update": _update,
    "status.update": _status_update,
    "delete": _delete,
    "notification": _notification,
    "notifications_merged": _notifications_merged,
    "filters_changed": _filters_changed,
    "pleroma:chat_update": _chat_update,
    "pleroma:follow_relationships_update": _relationships,
    "announcement": _announcement,
    "announcement.reaction": _announcement_reaction,
    "announcement.delete": _announcement_deletion,
}
