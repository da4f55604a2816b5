"""Hidden accounts: those that an account blocks or mutes, in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.stretches import Stretch, end_of
from ...store.relationships import relations
from ..pages import fill
from ..paging import Cursors, Window, window
from ..viewer import Viewer
from ..visibility import is_active


@dataclass(frozen=True)
class HiddenPage:
    accounts: list[Account] = field(default_factory=list)
    continues: str | None = None


def list_of(viewer: Viewer, page: Cursors, *, muted: bool) -> HiddenPage:
    """Whom the viewer mutes, or else blocks. Mutes that are over and accounts that are not active are left out."""
    part = replace(window(page), ascending=True)

    def read(left: Window, turn: int) -> Stretch[str]:
        rows = relations.marked(viewer.id, muted=muted, above=left.above, below=left.below, limit=left.limit)
        ids = [str(row.other) for row in rows]
        return Stretch(_still_muted(viewer, ids) if muted else ids, end_of(ids, left.limit, str))

    def show(ids: Sequence[str]) -> list[Account]:
        known = accounts.find_many(ids)
        return [known[id] for id in ids if id in known and is_active(known[id])]

    found = fill(part, read, show)
    return HiddenPage(found.shown[::-1], found.continues)


def _still_muted(viewer: Viewer, ids: list[str]) -> list[str]:
    """The ids whose mute is in force. The viewer set knows the ends of mutes, so nothing is read."""
    return [id for id in ids if viewer.mutes(id)]
