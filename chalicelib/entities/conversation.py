"""Conversation: one account's entry of a thread of direct statuses."""

from __future__ import annotations

from typing import TypedDict

from ..domain.conversations import Conversation as Record
from ..domain.conversations import Conversations
from ..domain.viewer import Viewer
from .account import Account, arrange_account
from .status import Status, render_status


class ConversationExtra(TypedDict):
    recipients: list[Account]


class Conversation(TypedDict):
    id: str
    accounts: list[Account]
    unread: bool
    last_status: Status | None
    pleroma: ConversationExtra


def render_conversations(found: Conversations, viewer: Viewer) -> list[Conversation]:
    return [_arrange(each, found, viewer) for each in found.listed]


def _arrange(conversation: Record, found: Conversations, viewer: Viewer) -> Conversation:
    recipients = [arrange_account(account, viewer) for account in conversation.recipients]
    others = [account for account in recipients if account["id"] != viewer.id]
    last = conversation.last
    return {
        "id": conversation.id,
        "accounts": others or recipients,
        "unread": conversation.entry.unread is not None,
        "last_status": render_status(last, viewer, found.around) if last is not None else None,
        "pleroma": {"recipients": recipients},
    }
