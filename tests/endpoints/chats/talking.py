"""Chats in the tests' own words."""

from __future__ import annotations

from typing import Any

from chalicelib.store.chats import Chat, ChatMessage, is_unread
from tests.cast import Person, Reply

CHATS = "/api/v1/pleroma/chats"


def chat_of(person: Person, partner: Person) -> dict[str, Any]:
    """The person's chat with the partner, made if there is none."""
    reply = person.post(f"{CHATS}/by-account-id/{partner.id}")
    assert reply.status == 200, reply.body
    shown: dict[str, Any] = reply.json
    return shown


def chat_id(person: Person, partner: Person) -> str:
    return str(chat_of(person, partner)["id"])


def saying(person: Person, partner: Person, content: str | None = "hello", **more: Any) -> Reply:
    """Say something in the person's chat with the partner. Answers the reply."""
    headers = more.pop("headers", None)
    return person.post(f"{CHATS}/{chat_id(person, partner)}/messages", json={"content": content, **more},
                       headers=headers)


def says(person: Person, partner: Person, content: str | None = "hello", **more: Any) -> dict[str, Any]:
    """Say something. Answers the message as the author sees it."""
    reply = saying(person, partner, content, **more)
    assert reply.status == 200, reply.body
    shown: dict[str, Any] = reply.json
    return shown


def chats(person: Person, **params: Any) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = person.get(CHATS, params).json
    return shown


def heard(person: Person, partner: Person, **params: Any) -> list[dict[str, Any]]:
    """The messages in the person's chat with the partner, newest first."""
    shown: list[dict[str, Any]] = person.get(f"{CHATS}/{chat_id(person, partner)}/messages", params).json
    return shown


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def recounted(person: Person, partner: Person) -> tuple[int, str | None]:
    """How many messages are unread and which is the last, counted from the messages."""
    chat = Chat.get(person.id, chat_id(person, partner), consistent_read=True)
    messages = list(ChatMessage.query(chat.id, consistent_read=True))
    return sum(is_unread(message, chat) for message in messages), messages[-1].id if messages else None
