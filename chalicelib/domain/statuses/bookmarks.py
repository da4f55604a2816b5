"""Bookmarks: statuses that an account keeps for itself."""

from __future__ import annotations

from ...ids import new_decimal
from ...store.statuses import bookmarks
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import events, visibility
from ..viewer import Viewer
from . import keeping


def add(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Bookmark a status. A second time changes nothing."""
    status, around = visibility.readable(status_id, by)
    number = new_decimal()
    kept = keeping.kept_first(status, by)
    bookmarks.add(status, by.id, number)
    events.tell(*kept)
    return _after(status, around, by, number)


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Remove a bookmark. Harmless if there was none."""
    status, around = visibility.readable(status_id, by)
    bookmarks.remove(status.id, by.id)
    return _after(status, around, by, None)


def _after(status: Status, around: Surroundings, by: Viewer, number: int | None) -> tuple[Status, Surroundings]:
    mark = around.marks.get(status.id) or Mark.blank(by.id, status.id)
    mark.bookmark = number
    around.marks[status.id] = mark
    return status, around
