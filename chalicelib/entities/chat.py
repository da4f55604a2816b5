"""Chat: one account's side of what it and another account say to each other."""

from __future__ import annotations

from typing import TypedDict

from ..domain.chats import Chats
from ..domain.viewer import Viewer
from ..store.chats import Chat as Record
from .accounts.account import Account, arrange_account
from .chat_message import ChatMessage, render_chat_message


class Chat(TypedDict):
    """A chat. The account is the partner."""

    id: str
    account: Account
    unread: int
    pinned: bool
    last_message: ChatMessage | None
    updated_at: str


def render_chats(found: Chats, viewer: Viewer) -> list[Chat]:
    """The chats in the order given. Reads nothing."""
    return [_arrange(chat, found, viewer) for chat in found.listed]


def _arrange(chat: Record, found: Chats, viewer: Viewer) -> Chat:
    last = found.last.get(chat.id)
    return {
        "id": chat.id,
        "account": arrange_account(found.partners[chat.partner], viewer),
        "unread": int(chat.unread),
        "pinned": bool(chat.pinned),
        "last_message": render_chat_message(last, viewer) if last is not None else None,
        "updated_at": chat.updated_at,
    }
