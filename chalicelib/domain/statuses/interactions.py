"""Who favourited or reblogged a status."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import relations
from ...store.statuses import marks, statuses
from ...store.statuses.marks import Mark
from .. import visibility
from ..viewer import Viewer

MOST_LISTED = 400


def list_who_favourited(status_id: str, viewer: Viewer | None) -> list[Account]:
    """The accounts that favourited a status, latest first. Nobody for an unknown status."""
    found = _who(status_id, viewer, marks.favourites_of, lambda own: own.favourite)
    return _people(_latest(found, viewer)) if settings.show_reactions else []


def list_who_reblogged(status_id: str, viewer: Viewer | None) -> list[Account]:
    """The accounts that reblogged it, if the viewer may see their reblogs, latest first."""
    found = _who(status_id, viewer, marks.reblogs_of, lambda own: own.reblog)
    latest = _latest(found, viewer)
    wrappers = statuses.find_many(found[id] for id in latest)
    private = {each.account_id for each in wrappers.values() if visibility.is_private(each.visibility)}
    known = relations.find_many(viewer.id, private - {viewer.id}) if viewer is not None else {}
    return _people([id for id in latest if found[id] in wrappers
                    and visibility.may_see(wrappers[found[id]], viewer, known.get(id))])


def _who(status_id: str, viewer: Viewer | None, everybody: Callable[[str], dict[str, str]],
         own: Callable[[Mark], str | None]) -> dict[str, str]:
    """Who did it, and the flake of the act: from the index, but the viewer's from the own mark, which is never late.

    Nobody for an unknown status. NotFound if the viewer may not see it.
    """
    status = statuses.find(status_id)
    if status is None:
        return {}
    (_, around), found = together(lambda: visibility.shown(status, viewer), lambda: everybody(status.id))
    if viewer is None:
        return dict(found)
    mark = around.marks.get(status.id)
    flake = own(mark) if mark is not None else None
    others = {id: each for id, each in found.items() if id != viewer.id}
    return others | {viewer.id: flake} if flake else others


def _latest(found: dict[str, str], viewer: Viewer | None) -> list[str]:
    """The latest four hundred, without those whom the viewer blocks."""
    wanted = [id for id in found if viewer is None or not viewer.blocks(id)]
    return sorted(wanted, key=lambda id: found[id], reverse=True)[:MOST_LISTED]


def _people(ids: Sequence[str]) -> list[Account]:
    known = accounts.find_many(ids)
    return [known[id] for id in ids if id in known and visibility.is_active(known[id])]
