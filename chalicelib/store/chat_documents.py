"""What changes in a message after it was said: its card, and the description of what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .chats import ChatMessage, message_key
from .dynamo.table import Writes, fetch, update


def with_twins(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The messages after their twins, as far as these exist."""
    twins = [message_key(each.twin_chat, each.twin_id) for each in messages if each.twin_chat and each.twin_id]
    return [*fetch(strong=twins).all(ChatMessage), *messages]


def keep_card(message: ChatMessage, card: dict[str, Any]) -> bool:
    """Put a card into one copy of a message. False when it was changed or deleted meanwhile."""
    stub = ChatMessage.stub(message.chat, message.id)
    return update(stub, _rewritten({**message.content, "card": card}), _is_as_read(message))


def rewrite_in(write: Writes, message: ChatMessage, document: dict[str, Any]) -> None:
    """Change the document within a transaction, which fails if the message is no longer as it was read."""
    write.update(ChatMessage.stub(message.chat, message.id), _rewritten(document), _is_as_read(message))


def _rewritten(document: dict[str, Any]) -> list[Any]:
    return [ChatMessage.doc.set(document), ChatMessage.revision.add(1)]


def _is_as_read(message: ChatMessage) -> Any:
    same = ChatMessage.revision == message.revision if message.revision else ChatMessage.revision.does_not_exist()
    return ChatMessage.id.exists() & same
