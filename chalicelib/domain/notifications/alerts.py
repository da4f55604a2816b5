"""Alerts: which notifications clients may want pushed."""

ALERTS = ("follow", "favourite", "mention", "reblog", "pleroma:chat_mention", "pleroma:emoji_reaction")
ALERT_OF = {**{alert: alert for alert in ALERTS}, "follow_request": "follow"}
"""The alert that allows a type of notification. Other types are never pushed."""


def is_awaited(type: str, *, has_push: bool, quiet: str | None) -> bool:
    """Whether a notification needs a message at all: by its type, and if the recipient has subscriptions."""
    return has_push and quiet is None and type in ALERT_OF
