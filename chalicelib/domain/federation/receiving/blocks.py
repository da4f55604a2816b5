"""Blocks by accounts elsewhere. All that is between the two ends, and the account here sees that it is blocked."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.federation import accounts as claims
from ....store.federation import received
from ...refusals import Forbidden, NotFound
from ...relationships import blocks
from . import people
from .activity import Activity, Dropped


def block(activity: Activity, by: Account) -> None:
    """Block an account here. A second time changes nothing."""
    blocked = people.local(activity.object_id)
    if blocked is None or blocked.deleted:
        raise Dropped("nobody here is meant")
    blocks.add(blocked.id, people.acting(by))
    received.claim(activity.id or "", claims.BLOCK, by=by.id, on=blocked.id)


def undo(uri: str | None, blocked: Account, by: Account) -> bool:
    """End a block. False if there is none."""
    try:
        blocks.remove(blocked.id, people.acting(by))
    except (Forbidden, NotFound):
        return False
    if uri is not None:
        received.unclaim(uri, by.id)
    return True
