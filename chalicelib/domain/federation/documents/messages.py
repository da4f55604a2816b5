"""Chat messages, as servers with chats send them to each other (Pleroma's ChatMessage)."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.chats import ChatMessage
from .. import addresses
from .actors import emojis
from .context import Document
from .notes import attachment, tombstone

TYPE = "ChatMessage"


def creation(message: ChatMessage, by: Account, to: Account) -> Document:
    """The activity of saying something to somebody. It has the flake of the message."""
    shared = {"actor": by.uri, "published": message.created_at, "to": [to.uri]}
    return {"id": addresses.of_activity(message.id), "type": "Create", **shared, "cc": [],
            "object": _message(message, by) | shared}


def _message(message: ChatMessage, by: Account) -> Document:
    content = message.content
    found: Document = {"id": addresses.of_object(message.id), "type": TYPE, "attributedTo": by.uri,
                       "content": content.get("html") or "", "tag": emojis(content.get("emojis"))}
    if content.get("attachment"):
        found["attachment"] = attachment(content["attachment"])
    return found


def deletion(id: str, by: Account, to: Account) -> Document:
    gone = tombstone(addresses.of_object(id), TYPE)
    return {"id": f"{gone['id']}#delete", "type": "Delete", "actor": by.uri, "to": [to.uri], "object": gone}
