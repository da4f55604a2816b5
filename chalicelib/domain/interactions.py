"""Who favourited or reblogged a status."""

from __future__ import annotations

from ..settings import settings
from ..store import accounts, marks, statuses
from ..store.accounts import Account
from ..store.marks import Mark
from ..store.parallel import together
from ..store.statuses import Status
from . import visibility
from .viewer import Viewer

MOST_LISTED = 400


def favourited_by(status_id: str, viewer: Viewer | None) -> list[Account]:
    """The accounts that favourited a status, latest first; nobody for an unknown status."""
    known = _marks(status_id, viewer)
    if not settings.show_reactions:
        return []
    return _people({mark.account_id: str(mark.favourite) for mark in known if mark.favourite}, viewer)


def reblogged_by(status_id: str, viewer: Viewer | None) -> list[Account]:
    """The accounts that reblogged it, as far as the viewer may see their reblogs, latest first."""
    found = {mark.account_id: str(mark.reblog) for mark in _marks(status_id, viewer) if mark.reblog}
    wrappers = statuses.find_many(found.values())
    open_ones = {account_id: flake for account_id, flake in found.items()
                 if flake in wrappers and _may_know(wrappers[flake], viewer)}
    return _people(open_ones, viewer)


def _may_know(wrapper: Status, viewer: Viewer | None) -> bool:
    """Private reblogs are shown to whoever made them."""
    return wrapper.scope in visibility.OPEN or (viewer is not None and viewer.id == wrapper.account_id)


def _marks(status_id: str, viewer: Viewer | None) -> list[Mark]:
    """Everybody's marks as the index knows them, the viewer's own as it is. An unknown status has none.

    NotFound for one that is not for these eyes.
    """
    status = statuses.find(status_id)
    if status is None:
        return []
    (_, around), everybody = together(
        lambda: visibility.shown(status, viewer), lambda: marks.of_status(status.id, MOST_LISTED))
    own = around.marks.get(status.id)
    others = [mark for mark in everybody if viewer is None or mark.account_id != viewer.id]
    return [*others, own] if own is not None else others


def _people(found: dict[str, str], viewer: Viewer | None) -> list[Account]:
    """The accounts behind the marks, latest mark first, without those the viewer blocks."""
    known = accounts.find_many(found)
    ids = sorted(found, key=lambda id: found[id], reverse=True)
    return [known[id] for id in ids if id in known and visibility.is_active(known[id])
            and not (viewer is not None and viewer.blocks(id))]
