"""What only the owner of an account is told: unread counts, waiting requests, and what frontends stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import accounts, conversations, notifications, relations
from .accounts import Preferences, State
from .notifications import Notification
from .table import fetch, key, together

COUNTED_HERE = 40


@dataclass(frozen=True)
class OwnState:
    unread_notifications: int = 0
    unread_conversations: int = 0
    follow_requests: int = 0
    settings_store: dict[str, Any] = field(default_factory=dict)


def load(account_id: str) -> OwnState:
    """All of it, strong, in one round of four calls; two more where many notifications are unread.

    How many are unread can only be counted above the watermark, and the watermark is read at the same time: so the
    latest of the unread index are read with it, and counted here. Only when all of them are above it, DynamoDB counts.
    """
    keys = [key(State, account_id, accounts.STATE), key(Preferences, account_id, accounts.PREFERENCES)]
    found, latest, unread_conversations, requests = together(
        lambda: fetch(strong=keys),
        lambda: _latest_unread(account_id),
        lambda: conversations.count_unread(account_id),
        lambda: relations.count_requests(account_id),
    )
    state = found.get(State, account_id, accounts.STATE)
    preferences = found.get(Preferences, account_id, accounts.PREFERENCES)
    watermark = int(state.watermark) if state else 0
    unread = sum(1 for written in latest if written > watermark)
    if unread == COUNTED_HERE:
        unread = notifications.count_unread(account_id, watermark)
    return OwnState(unread, unread_conversations, requests, (preferences and preferences.settings_store) or {})


def _latest_unread(account_id: str) -> list[int]:
    """When the latest of the unread index were written, as the watermark counts it."""
    rows = Notification.by_unread.query(account_id, consistent_read=True, scan_index_forward=False, limit=COUNTED_HERE)
    return [int(row.unread) for row in rows]
