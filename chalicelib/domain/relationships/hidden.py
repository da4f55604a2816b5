"""The lists of accounts that an account blocks or mutes, in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.relationships import relations
from ..paging import Cursors, window
from ..viewer import Viewer
from ..visibility import is_active

MOST_PAGES = 4


@dataclass(frozen=True)
class HiddenPage:
    accounts: list[Account] = field(default_factory=list)
    continues: str | None = None


def list_of(viewer: Viewer, page: Cursors, *, muted: bool) -> HiddenPage:
    """Whom the viewer mutes, or else blocks; mutes that have run out and accounts that left are not listed."""
    part = window(page)
    if part.empty:
        return HiddenPage()
    shown: list[Account] = []
    above = part.above
    for _ in range(MOST_PAGES):
        rows = relations.marked(viewer.id, muted=muted, above=above, below=part.below, limit=part.limit)
        kept = _still_muted(viewer, [row.other for row in rows]) if muted else [row.other for row in rows]
        known = accounts.find_many(kept)
        shown += [known[id] for id in kept if id in known and is_active(known[id])]
        if len(shown) >= part.limit or len(rows) < part.limit:
            return HiddenPage(shown[:part.limit])
        above = rows[-1].other
    return HiddenPage(shown, above)


def _still_muted(viewer: Viewer, ids: list[str]) -> list[str]:
    """The viewer set knows the ends of mutes, so that nothing is read for it."""
    return [id for id in ids if viewer.mutes(id)]
