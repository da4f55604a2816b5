"""An account's favourites and bookmarks, latest mark first. They are paged by the ids of the marks."""

from __future__ import annotations

from typing import Any, NamedTuple

from ... import ids
from ..statuses.marks import Mark


class Marked(NamedTuple):
    """A status, and the id of the mark on it by which the list is paged."""

    cursor: str
    status_id: str


def favourites(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Marked]:
    if _is_empty(above and ids.decode(above), below and ids.decode(below)):
        return []
    rows = Mark.by_favourite.query(account_id, _between(Mark.favourite, above, below), consistent_read=True,
                                   scan_index_forward=ascending, limit=limit)
    return [Marked(row.favourite, row.status_id) for row in rows]


def bookmarks(account_id: str, *, above: int | None, below: int | None, ascending: bool, limit: int) -> list[Marked]:
    if _is_empty(above, below):
        return []
    rows = Mark.by_bookmark.query(account_id, _between(Mark.bookmark, above, below), consistent_read=True,
                                  scan_index_forward=ascending, limit=limit)
    return [Marked(str(int(row.bookmark)), row.status_id) for row in rows]


def by_status(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Mark]:
    """The marks of an account on statuses strictly between two ids, in order of the statuses."""
    if _is_empty(above and ids.decode(above), below and ids.decode(below)):
        return []
    return list(Mark.query(account_id, _between(Mark.status_id, above, below), scan_index_forward=ascending,
                           limit=limit))


def _is_empty(above: int | str | None, below: int | str | None) -> bool:
    """Whether no number lies between the two."""
    return above is not None and below is not None and int(above) >= int(below) - 1


def _between(attribute: Any, above: Any, below: Any) -> Any:
    """The condition for a value strictly between the two. `_is_empty` has excluded bounds in the wrong order."""
    if above is not None and below is not None:
        if isinstance(above, str):
            return attribute.between(above + "!", ids.before(below))
        return attribute.between(above + 1, below - 1)
    if above is not None:
        return attribute > above
    return attribute < below if below is not None else None
