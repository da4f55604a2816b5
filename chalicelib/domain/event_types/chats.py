"""What happens in chats."""

from __future__ import annotations

from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class ChatMessageSent(Event):
    """`chat`: the author's side, or the recipient's if the author is of another server. `wants_card`: it has a link.

    `other_id`: to whom it is sent at another server. `partner_id`: to whom it is said.
    """

    chat: str
    message_id: str
    account_id: str
    wants_card: bool = False
    other_id: str | None = None
    partner_id: str = ""


@dataclass(frozen=True)
class ChatMessageDeleted(Event):
    """`account_id`: the author. `other_id`: who has it at another server."""

    message_id: str
    account_id: str
    other_id: str | None = None
