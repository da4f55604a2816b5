"""Telling the staff of new accounts, for those of their clients that ask for it."""

from __future__ import annotations

from ...store.accounts import accounts
from ...store.instance import counters
from ...store.relationships import subscriptions
from ...store.statuses import addressing
from .. import events
from . import making


def tell(account_id: str) -> dict[str, int] | None:
    """A notification for each of the staff. It is in no list unasked, so it counts as read. Twice is harmless."""
    account = accounts.find(account_id)
    if account is None or account.deleted:
        return None
    people = addressing.people(counters.staff_ids(), account_id).by_id.values()
    staff = [each for each in people if each.account.is_admin or each.account.is_moderator]
    notices = [notice for each in staff
               if (notice := making.notice("admin.sign_up", each, by=account, cause=account_id)) is not None]
    for notice in notices:
        notice.unread = False
    subscriptions.tell(notices)
    events.tell(*events.told(notices))
    return {"told": len(notices)}
