"""The directory: accounts that want to be found, for everybody who looks for people."""

from __future__ import annotations

from ...store.accounts import accounts, listed
from ...store.accounts.accounts import LISTED, LISTED_FOREIGN, Account
from ...store.federation import presence
from .. import lookup
from ..relationships import domain_blocks
from ..viewer import Viewer
from ..visibility import is_active

NEW = "new"


def list_page(viewer: Viewer | None, *, offset: int, limit: int, newest: bool, local: bool) -> list[Account]:
    """Those who wrote last, or (`newest`) those who came last, of the thousand who wrote last. `local`: of this server.

    Whom the viewer does not want to see is left out, so that a page may be short. Raises Unauthenticated if profiles
    are hidden from anonymous visitors.
    """
    if viewer is None:
        lookup.demand_open_profiles()
    end = offset + limit
    if limit <= 0 or end > listed.MOST:
        return []
    listings = [LISTED] if local or not presence.is_known() else [LISTED, LISTED_FOREIGN]
    ids = listed.most_active(listings, listed.MOST if newest else end)
    wanted = (sorted(ids, reverse=True) if newest else ids)[offset:end]
    known = accounts.find_many(wanted)
    found = [known[id] for id in wanted if id in known and may_be_found(known[id], viewer)]
    unwanted = domain_blocks.find_unwanted(found, viewer)
    return [each for each in found if each.id not in unwanted]


def may_be_found(account: Account, viewer: Viewer | None) -> bool:
    """Whether an account still wants to be found, and the viewer does not hide it."""
    hidden = viewer is not None and (viewer.blocks(account.id) or viewer.mutes(account.id))
    return bool(account.profile.get("discoverable")) and not account.profile.get("moved") and is_active(account) and (
        not hidden)
