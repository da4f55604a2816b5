"""An account's favourites and bookmarks, latest mark first. They are paged by the ids of the marks."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..dynamo.bounds import NOTHING, strictly_between
from ..statuses.marks import Mark


class Marked(NamedTuple):
    """A status, and the id of the mark on it by which the list is paged."""

    cursor: str
    status_id: str


def favourites(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Marked]:
    bounds = strictly_between(Mark.favourite, above, below)
    if bounds is NOTHING:
        return []
    rows = Mark.by_favourite.query(account_id, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit)
    return [Marked(row.favourite, row.status_id) for row in rows]


def bookmarks(account_id: str, *, above: int | None, below: int | None, ascending: bool, limit: int) -> list[Marked]:
    bounds = _numbers_between(Mark.bookmark, above, below)
    if bounds is NOTHING:
        return []
    rows = Mark.by_bookmark.query(account_id, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit)
    return [Marked(str(int(row.bookmark)), row.status_id) for row in rows]


def by_status(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Mark]:
    """The marks of an account on statuses strictly between two ids, in order of the statuses."""
    bounds = strictly_between(Mark.status_id, above, below)
    if bounds is NOTHING:
        return []
    return list(Mark.query(account_id, bounds, scan_index_forward=ascending, limit=limit))


def _numbers_between(attribute: Any, above: int | None, below: int | None) -> Any:
    """As `strictly_between`, for numbers."""
    if above is None:
        return None if below is None else attribute < below
    if below is None:
        return attribute > above
    return attribute.between(above + 1, below - 1) if above < below - 1 else NOTHING
