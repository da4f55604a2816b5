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
    status = _readable(status_id, viewer)
    if status is None or not settings.show_reactions:
        return []
    found = {mark.account_id: str(mark.favourite) for mark in _marks(status, viewer) if mark.favourite}
    return _people(found, viewer)


def reblogged_by(status_id: str, viewer: Viewer | None) -> list[Account]:
    """The accounts that reblogged it, as far as the viewer may see their reblogs, latest first."""
    status = _readable(status_id, viewer)
    if status is None:
        return []
    found = {mark.account_id: str(mark.reblog) for mark in _marks(status, viewer) if mark.reblog}
    wrappers = statuses.find_many(found.values())
    open_ones = {account_id: flake for account_id, flake in found.items()
                 if flake in wrappers and _may_know(wrappers[flake], viewer)}
    return _people(open_ones, viewer)


def _may_know(wrapper: Status, viewer: Viewer | None) -> bool:
    """Private reblogs are shown to whoever made them."""
    return wrapper.scope in visibility.OPEN or (viewer is not None and viewer.id == wrapper.account_id)


def _readable(status_id: str, viewer: Viewer | None) -> Status | None:
    """None for an unknown status; NotFound for one that is not for these eyes."""
    status = statuses.find(status_id)
    if status is None:
        return None
    return visibility.shown(status, viewer)[0]


def _marks(status: Status, viewer: Viewer | None) -> list[Mark]:
    """Everybody's marks as the index knows them, the viewer's own as it is."""
    if viewer is None:
        return marks.of_status(status.id, MOST_LISTED)
    everybody, own = together(lambda: marks.of_status(status.id, MOST_LISTED), lambda: marks.find(viewer.id, status.id))
    others = [mark for mark in everybody if mark.account_id != viewer.id]
    return [*others, own] if own is not None else others


def _people(found: dict[str, str], viewer: Viewer | None) -> list[Account]:
    """The accounts behind the marks, latest mark first, without those the viewer blocks."""
    known = accounts.find_many(found)
    ids = sorted(found, key=lambda id: found[id], reverse=True)
    return [known[id] for id in ids if id in known and visibility.is_active(known[id])
            and not (viewer is not None and viewer.blocks(id))]
