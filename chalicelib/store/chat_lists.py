"""Lists of chats: an account's own, the last active first, and the pins on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..ids import before
from .chats import PAGE, Chat
from .dynamo.table import update


def list_of(owner: str) -> Iterator[Chat]:
    """All of an account's chats, latest first, read as far as somebody asks."""
    return iter(Chat.by_recent.query(owner, consistent_read=True, scan_index_forward=False, page_size=PAGE))


def recent(owner: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Chat]:
    """One query: chats whose last activity is strictly between two flakes, in the order asked."""
    bounds: Any = None
    if above is not None and below is not None:
        if above >= before(below):
            return []
        bounds = Chat.updated.between(above + "!", before(below))
    elif above is not None:
        bounds = Chat.updated > above
    elif below is not None:
        bounds = Chat.updated < below
    return list(Chat.by_recent.query(owner, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit))


def set_pinned(chat: Chat, pinned: bool) -> bool:
    """Pin a chat, or unpin it. False when it is gone."""
    action = Chat.pinned.set(True) if pinned else Chat.pinned.remove()
    return update(Chat.stub(chat.owner, chat.id), [action], Chat.owner.exists())
