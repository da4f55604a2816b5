"""Notifications: who is told of what. The one place that decides whether a notification is made, and how loud."""

from __future__ import annotations

import re

from ..store.accounts import Account, ViewerSet
from ..store.notifications import THREAD_MUTED, Notice
from ..store.relations import Relation
from ..store.statuses import Status
from .viewer import Viewer

DEFAULTS = {
    "block_from_strangers": False, "hide_notification_contents": False,
    "followers": True, "follows": True, "remote": True, "local": True,
}
NEVER_FILTERED = frozenset({"follow", "follow_request", "move"})


def notice(type: str, *, recipient: Account, hides: ViewerSet, relation: Relation, by: Account, cause: str,
           status: Status | None = None, emoji: str | None = None) -> Notice | None:
    """The notification that `recipient` gets of what `by` did, or None. `relation` is the recipient's to `by`."""
    if recipient.id == by.id or _unwanted(recipient, relation, by):
        return None
    if type not in NEVER_FILTERED and status is not None and _filtered(hides, status, recipient):
        return None
    eyes = Viewer(recipient, hides)
    thread_muted = status is not None and eyes.mutes_thread(status.thread)
    return Notice(
        recipient.id, type, cause, by.id, emoji=emoji,
        status_id=status.id if status else None, scope=status.scope if status else None,
        thread=status.thread if status else None, quiet=THREAD_MUTED if thread_muted else None,
        unread=not (thread_muted or eyes.mutes(by.id)),
    )


def _unwanted(recipient: Account, relation: Relation, by: Account) -> bool:
    """Every setting of either generation that says "drop" drops."""
    wants = {**DEFAULTS, **(recipient.notification_settings or {})}
    return (
        (wants["block_from_strangers"] and not relation.follows)
        or (not wants["followers"] and relation.followed_by)
        or (not wants["follows"] and relation.follows)
        or (not wants["local"] and by.host is None)
        or (not wants["remote"] and by.host is not None)
    )


def _filtered(hides: ViewerSet, status: Status, recipient: Account) -> bool:
    return status.account_id != recipient.id and matches_irreversible(hides, status)


def matches_irreversible(hides: ViewerSet, status: Status) -> bool:
    """Whether a phrase that the account never wants to see stands in the status, at word boundaries."""
    phrases = hides.irreversible or []
    text = f"{status.content.get('spoiler', '')} {status.content.get('plain', '')}" if phrases else ""
    return any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE) for phrase in phrases)
