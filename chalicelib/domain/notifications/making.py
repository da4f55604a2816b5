"""Making notifications: who is told of what. The one place that decides if there is one, and whether it is quiet."""

from __future__ import annotations

from ...store.accounts.accounts import Account, ViewerSet
from ...store.notifications.notifications import BLOCKED, MUTED, THREAD_MUTED, Notice
from ...store.relationships.relations import Relation
from ...store.statuses.addressing import Addressee
from ...store.statuses.statuses import Status
from ..relationships.domain_blocks import blocks_domain
from ..timelines.filtering import NOTIFICATIONS, Filtering
from ..viewer import Viewer
from .alerts import is_awaited

DEFAULTS = {
    "block_from_strangers": False, "hide_notification_contents": False,
    "followers": True, "follows": True, "remote": True, "local": True,
}
NEVER_FILTERED = frozenset({"follow", "follow_request", "move"})


def notice(type: str, to: Addressee | None, *, by: Account, cause: str, status: Status | None = None,
           emoji: str | None = None) -> Notice | None:
    """The notification that somebody gets of what `by` did, or None. `to.relation` is theirs to `by`.

    Those of other servers are told by these.
    """
    if to is None or to.account.host is not None:
        return None
    recipient, hides, relation = to.account, to.hides, to.relation
    if recipient.id == by.id or recipient.host is not None:
        return None
    if _is_invisible(by) or _unwanted(type, recipient, relation, by):
        return None
    if type not in NEVER_FILTERED and status is not None and _filtered(hides, status, recipient):
        return None
    eyes = Viewer(recipient, hides)
    thread = status.thread if status else None
    quiet = _quiet(eyes, relation, by, thread)
    return Notice(
        recipient.id, type, cause, by.id, emoji=emoji, status_id=status.id if status else None,
        visibility=status.visibility if status else None, thread=thread, quiet=quiet,
        quoted=status.quote_of if status else None, quoted_by=status.quote_of_account_id if status else None,
        pushed=is_awaited(type, has_push=bool(recipient.has_push), quiet=quiet),
        unread=not (eyes.mutes(by.id) or (thread is not None and eyes.mutes_thread(thread))),
    )


def _is_invisible(account: Account) -> bool:
    """Whether it is an account of the server's own, which is in no directory."""
    return account.standing is None


def _quiet(eyes: Viewer, relation: Relation, by: Account, thread: str | None) -> str | None:
    """Why the notification is quiet. None: it is not."""
    if thread is not None and eyes.mutes_thread(thread):
        return THREAD_MUTED
    if mutes_notifications(eyes, by.id):
        return MUTED
    if eyes.blocks(by.id) or (not relation.follows and blocks_domain(eyes, by)):
        return BLOCKED
    return None


def mutes_notifications(viewer: Viewer, account_id: str) -> bool:
    """Whether the viewer mutes this account's notifications. They come again when the mute of the account ends."""
    return account_id in viewer.hides.notifications_muted and viewer.mutes(account_id)


def _unwanted(type: str, recipient: Account, relation: Relation, by: Account) -> bool:
    """Whether a setting drops it. Settings of both generations count. Who follows just now counts as a follower."""
    wants = {**DEFAULTS, **(recipient.notification_settings or {})}
    return (
        (wants["block_from_strangers"] and not relation.follows)
        or (not wants["followers"] and (relation.followed_by or type == "follow"))
        or (not wants["follows"] and relation.follows)
        or (not wants["local"] and by.host is None)
        or (not wants["remote"] and by.host is not None)
    )


def _filtered(hides: ViewerSet, status: Status, recipient: Account) -> bool:
    return status.account_id != recipient.id and Filtering(hides, NOTIFICATIONS).leaves_out(status)
