"""Who favourited or reblogged a status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import relations
from ...store.statuses import marks, statuses
from ...store.statuses.marks import Mark
from .. import visibility
from ..paging import Cursors, window
from ..viewer import Viewer

MOST_LISTED = 400


@dataclass(frozen=True)
class WhoDid:
    """Accounts, with the flakes of what they did. `continues`: where to go on, if some of a page are not shown."""

    accounts: list[Account] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    continues: str | None = None


def list_who_favourited(status_id: str, viewer: Viewer | None, page: Cursors) -> WhoDid:
    """The accounts that favourited a status, latest first. Nobody for an unknown status."""
    found = _who(status_id, viewer, marks.favourites_of, lambda own: own.favourite)
    latest = _latest(found, viewer, page)
    return _who_did(found, latest, latest, page) if settings.show_reactions else WhoDid()


def list_who_reblogged(status_id: str, viewer: Viewer | None, page: Cursors) -> WhoDid:
    """The accounts that reblogged it, if the viewer may see their reblogs, latest first."""
    found = _who(status_id, viewer, marks.reblogs_of, lambda own: own.reblog)
    latest = _latest(found, viewer, page)
    wrappers = statuses.find_many(found[id] for id in latest)
    private = {each.account_id for each in wrappers.values() if visibility.is_private(each.visibility)}
    known = relations.find_many(viewer.id, private - {viewer.id}) if viewer is not None else {}
    shown = [id for id in latest if found[id] in wrappers
             and visibility.may_see(wrappers[found[id]], viewer, known.get(id))]
    return _who_did(found, latest, shown, page)


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


def _latest(found: dict[str, str], viewer: Viewer | None, page: Cursors) -> list[str]:
    """A page of them, latest first, without those whom the viewer blocks."""
    part = window(page)
    wanted = sorted((flake, id) for id, flake in found.items()
                    if (viewer is None or not viewer.blocks(id))
                    and (part.above is None or flake > part.above) and (part.below is None or flake < part.below))
    size = 0 if part.empty else min(page.limit, MOST_LISTED)
    rows = wanted[:size] if part.ascending else wanted[max(len(wanted) - size, 0):]
    return [id for _, id in reversed(rows)]


def _who_did(found: dict[str, str], looked_at: Sequence[str], ids: Sequence[str], page: Cursors) -> WhoDid:
    known = accounts.find_many(ids)
    shown = [id for id in ids if id in known and visibility.is_active(known[id])]
    last = 0 if page.min_id else -1
    reaches = not looked_at or (shown and shown[last] == looked_at[last])
    return WhoDid([known[id] for id in shown], [found[id] for id in shown],
                  None if reaches else found[looked_at[last]])
