"""Alerts: which notifications clients may want pushed, and from whom."""

from __future__ import annotations

from collections.abc import Mapping

from ...store.relationships.relations import Relation

ALL, FOLLOWED, FOLLOWER, NONE = POLICIES = ("all", "followed", "follower", "none")
ALERTS = (
    "follow", "favourite", "mention", "reblog", "pleroma:chat_mention", "pleroma:emoji_reaction", "follow_request",
    "poll", "status", "update", "quote", "quoted_update", "admin.sign_up", "admin.report",
)
ALERTS_OF = {**{alert: (alert,) for alert in ALERTS}, "follow_request": ("follow_request", "follow"),
             "pleroma:report": ("admin.report",)}
"""The alerts that allow a type of notification: the first that a client has sent. Other types are never pushed."""


def is_awaited(type: str, *, has_push: bool, quiet: str | None) -> bool:
    """Whether a notification needs a message at all: by its type, and if the recipient has subscriptions."""
    return has_push and quiet is None and type in ALERTS_OF


def is_wanted(type: str, alerts: Mapping[str, bool]) -> bool:
    """Whether somebody who sent these alerts wants this type of notification."""
    return next((alerts[alert] for alert in ALERTS_OF.get(type, ()) if alert in alerts), False)


def depends_on_relation(policy: str) -> bool:
    return policy in (FOLLOWED, FOLLOWER)


def is_from_wanted(policy: str, relation: Relation) -> bool:
    """Whether the policy lets a notification through. `relation` is the recipient's to whoever caused it."""
    if policy == FOLLOWED:
        return bool(relation.follows)
    if policy == FOLLOWER:
        return bool(relation.followed_by)
    return policy != NONE
