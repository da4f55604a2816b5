"""Chat, as administrators see it: with both accounts, and from the side of its owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from ...domain.chats import Chats
from ...store.chats import Chat as Record
from ...store.chats import ChatMessage as Message
from ..accounts.account import Account, arrange_account
from ..chat_message import ChatMessage, render_chat_message


class AdminChat(TypedDict):
    """A chat. `sender` is its owner, `receiver` the other account."""

    id: str
    sender: Account
    receiver: Account
    unread: int
    last_message: ChatMessage | None
    updated_at: str


def render_admin_chats(found: Chats) -> list[AdminChat]:
    """The chats in the order given. Reads nothing."""
    return [_arrange(chat, found) for chat in found.listed]


def _arrange(chat: Record, found: Chats) -> AdminChat:
    last = found.last.get(chat.id)
    return {
        "id": chat.id,
        "sender": arrange_account(found.partners[chat.owner], None),
        "receiver": arrange_account(found.partners[chat.partner], None),
        "unread": int(chat.unread),
        "last_message": render_admin_message(last) if last is not None else None,
        "updated_at": chat.updated_at,
    }


def render_admin_messages(messages: Iterable[Message]) -> list[ChatMessage]:
    """The messages in the order given. Reads nothing."""
    return [render_admin_message(message) for message in messages]


def render_admin_message(message: Message) -> ChatMessage:
    """A message, with the idempotency key that its author sent, for as long as the author sees it."""
    shown = render_chat_message(message, None)
    key = message.recent_key
    if key is not None:
        shown["idempotency_key"] = key
    return shown
