"""Chat message: one of the two copies of what one account said to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict

from ..domain.viewer import Viewer
from ..store.chats import ChatMessage as Record
from .emoji.emoji import Emoji, render_used
from .media.attachment import Attachment, render_attachment
from .statuses.card import Card, render_card


class ChatMessage(TypedDict):
    """A message. Only its author gets the idempotency key that it was sent with, and only for a while."""

    id: str
    content: str | None
    chat_id: str
    account_id: str
    created_at: str
    emojis: list[Emoji]
    attachment: Attachment | None
    unread: bool
    card: Card | None
    idempotency_key: NotRequired[str]


def render_chat_messages(messages: Iterable[Record], viewer: Viewer | None) -> list[ChatMessage]:
    """The messages as `viewer` sees them, in the order given, with `unread` as it was before. Reads nothing."""
    return [render_chat_message(message, viewer) for message in messages]


def render_chat_message(message: Record, viewer: Viewer | None) -> ChatMessage:
    content = message.content
    attachment = content.get("attachment")
    shown: ChatMessage = {
        "id": message.id,
        "content": content.get("html"),
        "chat_id": message.chat,
        "account_id": message.author_id,
        "created_at": message.created_at,
        "emojis": render_used(content.get("emojis")),
        "attachment": render_attachment(attachment) if attachment else None,
        "unread": bool(message.unread),
        "card": render_card(content.get("card")),
    }
    key = message.recent_key
    if key is not None and viewer is not None and viewer.id == message.author_id:
        shown["idempotency_key"] = key
    return shown
