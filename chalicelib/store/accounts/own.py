"""What only the owner of an account is told: unread counts, waiting requests, and what frontends stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..dynamo import ahead
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import FoundRecords, fetch
from ..notifications import notifications
from ..notifications.notifications import Notification
from ..relationships import relations
from ..timelines import conversations
from . import accounts
from .accounts import Account, Preferences, State

COUNTED_HERE = 40


@dataclass(frozen=True)
class OwnState:
    unread_notifications: int = 0
    unread_conversations: int = 0
    follow_requests: int = 0
    settings_store: dict[str, Any] = field(default_factory=dict)


def keys(account_id: str) -> list[Key]:
    """The items that `load` reads. They may be read ahead, with the token."""
    return [key(State, account_id, accounts.STATE), key(Preferences, account_id, accounts.PREFERENCES)]


def load(account: Account) -> OwnState:
    """All of it, read strongly, in one round. Where the items were read ahead, it is two counts, or three if somebody
    has asked to follow before.

    Unread notifications are counted above the watermark. Where the watermark is read in the same round, the latest
    entries of the unread index are read with it and counted here. If all of them are above it, DynamoDB counts.
    """
    account_id = str(account.id)

    def requests() -> int:
        return relations.count_requests(account_id)

    asked = [requests] if account.was_asked else []
    at_hand = ahead.take(keys(account_id))
    if at_hand is not None:
        unread, conversations_unread, *waiting = together(
            lambda: notifications.count_unread(account_id, _watermark(at_hand, account_id)),
            lambda: conversations.count_unread(account_id),
            *asked,
        )
        return OwnState(unread, conversations_unread, sum(waiting), _settings_store(at_hand, account_id))
    found, latest, conversations_unread, *waiting = together(
        lambda: fetch(strong=keys(account_id)),
        lambda: _latest_unread(account_id),
        lambda: conversations.count_unread(account_id),
        *asked,
    )
    watermark = _watermark(found, account_id)
    unread = sum(1 for written in latest if written > watermark)
    if unread == COUNTED_HERE:
        unread = notifications.count_unread(account_id, watermark)
    return OwnState(unread, conversations_unread, sum(waiting), _settings_store(found, account_id))


def _watermark(found: FoundRecords, account_id: str) -> int:
    state = found.get(State, account_id, accounts.STATE)
    return int(state.watermark) if state else 0


def _settings_store(found: FoundRecords, account_id: str) -> dict[str, Any]:
    preferences = found.get(Preferences, account_id, accounts.PREFERENCES)
    return (preferences and preferences.settings_store) or {}


def _latest_unread(account_id: str) -> list[int]:
    """When the latest entries of the unread index were written, in the units of the watermark."""
    rows = Notification.by_unread.query(account_id, consistent_read=True, scan_index_forward=False, limit=COUNTED_HERE)
    return [int(row.unread) for row in rows]
