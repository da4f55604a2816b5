"""Conversation: one account's entry of a thread of direct statuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from ...domain.timelines.conversations import Conversations
from ...domain.timelines.conversations import ConversationView as Record
from ...domain.viewer import Viewer
from ..accounts.account import Account, arrange_account
from ..statuses.status import Status, render_statuses


class ConversationExtra(TypedDict):
    recipients: list[Account]


class Conversation(TypedDict):
    id: str
    accounts: list[Account]
    unread: bool
    last_status: Status | None
    pleroma: ConversationExtra


def render_conversations(found: Conversations, viewer: Viewer) -> list[Conversation]:
    """The conversations in the order given. Whoever is in several of them is arranged once."""
    lasts = render_statuses([each.last for each in found.listed if each.last is not None], viewer, found.around)
    statuses = {status["id"]: status for status in lasts}
    people = {status["account"]["id"]: status["account"] for status in lasts}
    for account in (account for each in found.listed for account in each.recipients):
        if account.id not in people:
            people[account.id] = arrange_account(account, viewer)
    return [_arrange(each, people, statuses, viewer) for each in found.listed]


def _arrange(conversation: Record, people: Mapping[str, Account], statuses: Mapping[str, Status],
             viewer: Viewer) -> Conversation:
    recipients = [people[account.id] for account in conversation.recipients]
    others = [account for account in recipients if account["id"] != viewer.id]
    last = conversation.last
    return {
        "id": conversation.id,
        "accounts": others or recipients,
        "unread": conversation.entry.unread is not None,
        "last_status": statuses[last.id] if last is not None else None,
        "pleroma": {"recipients": recipients},
    }
