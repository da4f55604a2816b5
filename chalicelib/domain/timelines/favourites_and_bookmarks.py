"""The statuses an account favourited or bookmarked, latest mark first.

These lists are paged by the ids of the marks, which no status shows: clients follow the Link header.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ...store.accounts.accounts import Account
from ...store.statuses import statuses, surroundings
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import marked
from ...store.timelines.marked import Marked
from ..paging import Cursors, Window, window
from ..refusals import Forbidden
from ..viewer import Viewer
from ..visibility import is_shown

MOST_PAGES = 4
Read = Callable[..., list[Marked]]


@dataclass(frozen=True)
class MarkedPage:
    """Statuses with the cursors of their marks; `continues` as on a timeline."""

    statuses: list[Status] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    continues: str | None = None


def favourites(viewer: Viewer, page: Cursors) -> MarkedPage:
    part = window(page)
    return MarkedPage() if part.empty else _read(partial(marked.favourites, viewer.id), viewer, part, str)


def bookmarks(viewer: Viewer, page: Cursors) -> MarkedPage:
    """As favourites; the cursors are numbers."""
    numbers = [_number(text) for text in (page.max_id, page.since_id, page.min_id)]
    below, since, least = numbers
    if page.limit <= 0 or (page.max_id and below is None):
        return MarkedPage()
    lows = [low for low in (since, least) if low is not None]
    part = Window(_text(max(lows, default=None)), _text(below), least is not None, page.limit)
    return _read(partial(marked.bookmarks, viewer.id), viewer, part, int)


def favourites_of(account: Account, viewer: Viewer | None, page: Cursors) -> MarkedPage:
    """What an account favourited, in the order of the statuses, without authors whom the viewer blocks.

    Raises Forbidden while the account hides its favourites, which also its owner then does not see here.
    """
    if account.profile.get("hide_favorites", True):
        raise Forbidden("Can't get favorites")
    part = window(page)
    if part.empty:
        return MarkedPage()

    def read(*, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Marked]:
        rows = marked.by_status(account.id, above=above, below=below, ascending=ascending, limit=limit)
        return [Marked(row.status_id, row.status_id if _wanted(row, viewer) else "") for row in rows]

    return _read(read, viewer, part, str)


def _wanted(mark: Mark, viewer: Viewer | None) -> bool:
    """What the mark itself can tell: a favourite, of an author the viewer does not block."""
    return bool(mark.favourite) and not (viewer is not None and viewer.blocks(mark.author_id))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else None


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _read(read: Read, viewer: Viewer | None, part: Window, kind: type) -> MarkedPage:
    shown: list[tuple[Marked, Status]] = []
    around = Surroundings()
    above, below = part.above, part.below
    for _ in range(MOST_PAGES):
        wanted = part.limit + max(part.limit // 4, 1)
        rows = read(above=_cast(above, kind), below=_cast(below, kind), ascending=part.ascending, limit=wanted)
        loaded = _load(rows, viewer)
        around = around.joined(loaded)
        shown += [(row, loaded.statuses[row.status_id]) for row in rows
                  if row.status_id in loaded.statuses and is_shown(loaded.statuses[row.status_id], viewer, loaded)]
        if len(shown) >= part.limit or len(rows) < wanted:
            return _page(shown[:part.limit], around, part, None)
        above, below = (rows[-1].cursor, below) if part.ascending else (above, rows[-1].cursor)
    return _page(shown, around, part, above if part.ascending else below)


def _cast(cursor: str | None, kind: type) -> str | int | None:
    return None if cursor is None else kind(cursor)


def _load(rows: Sequence[Marked], viewer: Viewer | None) -> Surroundings:
    found = statuses.find_many([row.status_id for row in rows if row.status_id])
    return surroundings.load_statuses(list(found.values()), viewer.eyes if viewer else None)


def _page(shown: list[tuple[Marked, Status]], around: Surroundings, part: Window, continues: str | None) -> MarkedPage:
    if part.ascending:
        shown = list(reversed(shown))
    return MarkedPage([status for _, status in shown], [row.cursor for row, _ in shown], around, continues)
