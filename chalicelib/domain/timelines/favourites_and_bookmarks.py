"""The statuses that an account favourited or bookmarked, latest mark first.

These lists are paged by the ids of the marks. No status shows these ids, so clients follow the Link header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...store.accounts.accounts import Account
from ...store.dynamo.stretches import Stretch, end_of
from ...store.statuses import statuses, surroundings
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import bookmark_folders, marked
from ...store.timelines.marked import Marked
from ..pages import Loading, Read, fill
from ..paging import Cursors, Window, window
from ..refusals import Forbidden
from ..viewer import Viewer
from ..visibility import is_shown

IN_FOLDERS = (100, 200, 400, 800)
"""How many bookmarks are looked at for a page of a folder, one query after the other."""


@dataclass(frozen=True)
class MarkedPage:
    """Statuses with the cursors of their marks. `continues`: as on a timeline."""

    statuses: list[Status] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    continues: str | None = None


def list_favourites(viewer: Viewer, page: Cursors) -> MarkedPage:
    def read(left: Window, turn: int) -> Stretch[Marked]:
        rows = marked.favourites(viewer.id, above=left.above, below=left.below, ascending=left.ascending,
                                 limit=_asked(left))
        return Stretch(rows, end_of(rows, _asked(left), lambda row: row.cursor))

    return _listed(window(page), viewer, read)


def list_bookmarks(viewer: Viewer, page: Cursors, folder: str | None = None) -> MarkedPage:
    """The viewer's bookmarks, or only those in a folder. Their cursors are numbers."""
    def read(left: Window, turn: int) -> Stretch[Marked]:
        above, below = left.numbers
        asked = IN_FOLDERS[turn] if folder else _asked(left)
        rows = marked.bookmarks(viewer.id, above=above, below=below, ascending=left.ascending, limit=asked)
        end = end_of(rows, asked, lambda row: row.cursor)
        return Stretch(bookmark_folders.in_folder(viewer.id, rows, folder) if folder else rows, end)

    below, since, least = [_number(text) for text in (page.max_id, page.since_id, page.min_id)]
    lows = [low for low in (since, least) if low is not None]
    empty = page.limit <= 0 or bool(page.max_id and below is None)
    part = Window(_text(max(lows, default=None)), _text(below), least is not None, page.limit, empty)
    return _listed(part, viewer, read, Loading(lambda lacks: lacks) if folder else None)


def list_favourites_of(account: Account, viewer: Viewer | None, page: Cursors) -> MarkedPage:
    """What an account favourited, in the order of the statuses, without authors whom the viewer blocks.

    Raises Forbidden if the account hides its favourites, even for its owner.
    """
    if account.profile.get("hide_favorites", True):
        raise Forbidden("Can't get favorites")

    def read(left: Window, turn: int) -> Stretch[Marked]:
        rows = marked.by_status(account.id, above=left.above, below=left.below, ascending=left.ascending,
                                limit=_asked(left))
        wanted = [Marked(row.status_id, row.status_id) for row in rows if _wanted(row, viewer)]
        return Stretch(wanted, end_of(rows, _asked(left), lambda row: str(row.status_id)))

    return _listed(window(page), viewer, read)


def _wanted(mark: Mark, viewer: Viewer | None) -> bool:
    """Whether the mark is a favourite, of an author whom the viewer does not block."""
    return bool(mark.favourite) and not (viewer is not None and viewer.blocks(mark.author_id))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else None


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _asked(part: Window) -> int:
    """How many marks to read at a time: some more than the page needs."""
    return part.limit + max(part.limit // 4, 1)


def _listed(part: Window, viewer: Viewer | None, read: Read[Marked],
            loading: Loading[Marked] | None = None) -> MarkedPage:
    around = Surroundings()

    def show(rows: Sequence[Marked]) -> list[tuple[Marked, Status]]:
        nonlocal around
        found = statuses.find_many([row.status_id for row in rows])
        loaded = surroundings.load_statuses(list(found.values()), viewer.eyes if viewer else None)
        around = around.joined(loaded)
        return [(row, loaded.statuses[row.status_id]) for row in rows
                if row.status_id in loaded.statuses and is_shown(loaded.statuses[row.status_id], viewer, loaded)]

    page = fill(part, read, show, loading)
    return MarkedPage([status for _, status in page.shown], [row.cursor for row, _ in page.shown], around,
                      page.continues)
