"""Deleting chat messages: which copies of one there are, and how both chats go on without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .chats import Chat, ChatMessage, chat_key, is_unread, message_key, unchanged
from .dynamo.failures import Overtaken
from .dynamo.parallel import together
from .dynamo.table import ConditionFailed, fetch, transaction
from .jobs import Job
from .notifications import notifications
from .notifications.notifications import Notice
from .staff import log
from .staff.log import LoggedAct


@dataclass(frozen=True)
class Side:
    """One copy of a message with its chat, and the newest other message of that chat."""

    chat: Chat
    message: ChatMessage
    besides: str | None


def sides_of(chat: Chat, message: ChatMessage, *, both: bool = False) -> list[Side]:
    """The copies of a message that its deletion removes, in one round: both copies of the chat owner's own message,
    only the owner's copy of anybody else's. `both`: both copies, whoever wrote it."""
    if message.twin_id is None or not (both or message.author_id == chat.owner):
        return [Side(chat, message, _besides(chat.id, message.id))]
    keys = [chat_key(chat.partner, message.twin_chat), message_key(message.twin_chat, message.twin_id)]
    found, besides, twins_besides = together(
        lambda: fetch(strong=keys),
        lambda: _besides(chat.id, message.id),
        lambda: _besides(message.twin_chat, message.twin_id),
    )
    theirs, twin = found.get(*keys[0]), found.get(*keys[1])
    partners = [Side(theirs, twin, twins_besides)] if theirs is not None and twin is not None else []
    return [Side(chat, message, besides), *partners]


def _besides(chat: str, message_id: str) -> str | None:
    rows = ChatMessage.query(chat, consistent_read=True, scan_index_forward=False, limit=2,
                             attributes_to_get=["chat", "id"])
    return next((str(row.id) for row in rows if row.id != message_id), None)


def delete(sides: Sequence[Side], entry: LoggedAct | None = None, jobs: Iterable[Job] = ()) -> None:
    """Delete these copies of a message, with its notification. `entry`: noted with it. Raises Overtaken."""
    try:
        with transaction() as write:
            if entry is not None:
                log.add(write, entry)
            for job in jobs:
                write.put(job)
            for side in sides:
                chat, message = side.chat, side.message
                write.delete(ChatMessage.stub(chat.id, message.id), ChatMessage.id.exists())
                actions: list[Any] = [Chat.version.add(1)]
                if chat.last == message.id:
                    actions.append(Chat.last.set(side.besides) if side.besides else Chat.last.remove())
                if is_unread(message, chat):
                    actions.append(Chat.unread.add(-1))
                write.update(Chat.stub(chat.owner, chat.id), actions, unchanged(chat))
                if message.author_id != chat.owner:
                    notice = Notice(chat.owner, "pleroma:chat_mention", message.id, message.author_id)
                    notifications.take_back(write, notice)
    except ConditionFailed as failed:
        raise Overtaken from failed
