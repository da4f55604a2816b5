"""Making notifications: who is told of what. The one place that decides if there is one, and whether it is quiet."""

from __future__ import annotations

from ...store.accounts.accounts import Account, ViewerSet
from ...store.notifications.notifications import BLOCKED, HELD, MUTED, THREAD_MUTED, Notice
from ...store.relationships.relations import Relation
from ...store.statuses.addressing import Addressee
from ...store.statuses.statuses import Status
from ..relationships.domain_blocks import blocks_domain
from ..timelines.filtering import NOTIFICATIONS, Filtering
from ..viewer import Viewer
from . import policy
from .alerts import is_awaited

DEFAULTS = {
    "block_from_strangers": False, "hide_notification_contents": False,
    "followers": True, "follows": True, "remote": True, "local": True,
}
NEVER_FILTERED = frozenset({"follow", "follow_request", "move"})
OF_ONES_OWN = frozenset({"poll"})
"""Types that one also gets of what one did oneself."""


def notice(type: str, to: Addressee | None, *, by: Account, cause: str, status: Status | None = None,
           emoji: str | None = None) -> Notice | None:
    """The notification that somebody gets of what `by` did, or None. `to.relation` is theirs to `by`.

    Those of other servers are told by these.
    """
    if to is None or not _is_told(type, to, by, status):
        return None
    verdict = policy.verdict(type, to, by, status)
    if verdict == policy.DROP:
        return None
    told = _made(type, to, by, cause, status, held=verdict == policy.FILTER)
    told.emoji = emoji
    return told


def news(to: Addressee, *, by: Account, status: Status) -> Notice | None:
    """The notification of a new status for somebody who asked to hear of all, which no policy holds back.

    `mention` is what the older way of asking brings.
    """
    type = "status" if to.relation.notifies else "mention"
    if not _is_told(type, to, by, status) or policy.verdict(type, to, by, status) == policy.DROP:
        return None
    return _made(type, to, by, status.id, status, held=False)


def _is_told(type: str, to: Addressee, by: Account, status: Status | None) -> bool:
    """Whether there is one at all, as far as the policy does not say."""
    recipient, relation = to.account, to.relation
    if recipient.host is not None or (recipient.id == by.id and type not in OF_ONES_OWN):
        return False
    if _is_invisible(by) or _unwanted(type, recipient, relation, by):
        return False
    return type in NEVER_FILTERED or status is None or not _filtered(to.hides, status, recipient)


def _made(type: str, to: Addressee, by: Account, cause: str, status: Status | None, *, held: bool) -> Notice:
    recipient, eyes = to.account, Viewer(to.account, to.hides)
    thread = status.thread if status else None
    quiet = HELD if held else _quiet(eyes, to.relation, by, thread)
    return Notice(
        recipient.id, type, cause, by.id, status_id=status.id if status else None,
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
    """Whether a setting of the older generation drops it. Who follows just now counts as a follower.

    `block_from_strangers` is a rule of the policy.
    """
    wants = {**DEFAULTS, **(recipient.notification_settings or {})}
    return (
        (not wants["followers"] and (relation.followed_by or type == "follow"))
        or (not wants["follows"] and relation.follows)
        or (not wants["local"] and by.host is None)
        or (not wants["remote"] and by.host is not None)
    )


def _filtered(hides: ViewerSet, status: Status, recipient: Account) -> bool:
    return status.account_id != recipient.id and Filtering(hides, NOTIFICATIONS).leaves_out(status)
