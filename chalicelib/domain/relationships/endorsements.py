"""Endorsements: whom an account recommends on its profile.

One can only recommend whom one follows. The end of a follow ends it too.
"""

from __future__ import annotations

from dataclasses import replace

from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import endorsements, meetings, relations
from .. import lookup
from ..paging import Cursors, window
from ..refusals import NotFound, Unacceptable
from ..viewer import Viewer
from ..visibility import is_active
from .standing import Standing

NOT_FOLLOWED = "Validation failed: You must be already following the person you want to endorse"
TOO_MANY = f"You can only endorse {endorsements.MOST} accounts"


def add(account_id: str, *, by: Viewer) -> tuple[Standing, Viewer]:
    """Recommend an account. Answers how the viewer stands to it, and the viewer as they are now."""
    standing = _met(account_id, by)
    if not standing.relation.follows:
        raise Unacceptable(NOT_FOLLOWED)
    if not endorsements.add(by.id, account_id):
        raise Unacceptable(TOO_MANY)
    return standing, replace(by, account=endorsements.with_endorsed(by.account, by.account.endorsed | {account_id}))


def remove(account_id: str, *, by: Viewer) -> tuple[Standing, Viewer]:
    """Recommend an account no more. Harmless if it was not recommended."""
    standing = _met(account_id, by)
    if account_id in by.account.endorsed:
        endorsements.remove(by.id, account_id)
    return standing, replace(by, account=endorsements.with_endorsed(by.account, by.account.endorsed - {account_id}))


def _met(account_id: str, by: Viewer) -> Standing:
    meeting = meetings.meet(by.id, [account_id]).get(account_id)
    if meeting is None:
        raise NotFound
    return Standing(meeting.account, meeting.pair.mine)


def list_own(viewer: Viewer, page: Cursors) -> list[Account]:
    """Whom the viewer recommends, newest account first."""
    return _listed(viewer.account, viewer, page)


def list_of(account_id: str, page: Cursors, *, viewer: Viewer | None) -> list[Account]:
    """Whom an account recommends, newest account first."""
    return _listed(lookup.get_visible(account_id, viewer, nickname_ok=False), viewer, page)


def _listed(owner: Account, viewer: Viewer | None, page: Cursors) -> list[Account]:
    part = window(page)
    ids = [] if part.empty else [id for id in sorted(owner.endorsed, reverse=not part.ascending)
                                 if (part.above is None or id > part.above) and (part.below is None or id < part.below)]
    if not ids:
        return []
    known, followed = together(lambda: accounts.find_many(ids), lambda: relations.find_many(str(owner.id), ids))
    shown = [known[id] for id in ids if id in known and is_active(known[id]) and id in followed
             and followed[id].follows and not (viewer is not None and viewer.blocks(id))][:part.limit]
    return shown[::-1] if part.ascending else shown
