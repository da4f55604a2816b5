"""What an account is told."""

from __future__ import annotations

from dataclasses import dataclass

from .event import Event


@dataclass(frozen=True)
class NotificationMade(Event):
    """`account_id`: who is told. `pushed`: one of their clients waits for it."""

    account_id: str
    notification_id: int
    pushed: bool = False


@dataclass(frozen=True)
class NotificationsMerged(Event):
    """Notifications that were held back are in the list now."""

    account_id: str
