"""Bookmarks: statuses that an account keeps for itself."""

from __future__ import annotations

from ...ids import new_decimal
from ...store.statuses import bookmarks
from ...store.statuses.marks import Mark
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import events, visibility
from ..timelines import bookmark_folders
from ..viewer import Viewer
from . import keeping


def add(status_id: str, by: Viewer, folder_id: str | None = None) -> tuple[Status, Surroundings]:
    """Bookmark a status, in a folder if one is named. A second time may only move it: a blank folder is none."""
    status, around = visibility.readable(status_id, by)
    folder = str(bookmark_folders.get(folder_id, by).id) if folder_id else None
    number = new_decimal()
    kept = keeping.kept_first(status, by)
    mark = around.marks.get(status.id)
    before = mark.folder if mark is not None else None
    if not bookmarks.add(status, by.id, number, folder) and folder_id is not None and folder != before:
        bookmarks.put_into(status.id, by.id, folder)
    events.tell(*kept)
    return _after(status, around, by, number, before if folder_id is None else folder)


def bring(status_id: str, by: Viewer, number: int) -> bool:
    """Bookmark a status of a list, under the number that it has there. False: it was bookmarked otherwise."""
    status, around = visibility.readable(status_id, by)
    kept = keeping.kept_first(status, by)
    added = bookmarks.add(status, by.id, number)
    events.tell(*kept)
    mark = around.marks.get(status.id)
    return added or (mark is not None and mark.bookmark == number)


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings]:
    """Remove a bookmark. Harmless if there was none."""
    status, around = visibility.readable(status_id, by)
    bookmarks.remove(status.id, by.id)
    return _after(status, around, by, None)


def _after(status: Status, around: Surroundings, by: Viewer, number: int | None,
           folder: str | None = None) -> tuple[Status, Surroundings]:
    mark = around.marks.get(status.id) or Mark.blank(by.id, status.id)
    mark.bookmark = number
    mark.folder = folder
    around.marks[status.id] = mark
    return status, around
