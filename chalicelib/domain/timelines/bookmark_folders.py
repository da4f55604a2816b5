"""Folders of bookmarks: an account's own order among what it keeps. A bookmark is in one folder, or in none."""

from __future__ import annotations

from ...ids import is_flake
from ...store import jobs
from ...store.timelines import bookmark_folders, marked
from ...store.timelines.bookmark_folders import BookmarkFolder
from .. import events, text
from ..emoji import custom
from ..event_types.statuses import BookmarkFolderRemoved
from ..refusals import Forbidden, NotFound, Unacceptable
from ..viewer import Viewer

LONGEST_NAME = 255
PAGE = 100
PAGES_A_RUN = 20


def list_of(viewer: Viewer) -> list[BookmarkFolder]:
    return bookmark_folders.list_of(viewer.id)


def get(id: str, viewer: Viewer) -> BookmarkFolder:
    """One of the viewer's folders. Raises Forbidden for somebody else's, NotFound for none."""
    found = bookmark_folders.find(viewer.id, id) if is_flake(id) else None
    if found is None:
        if is_flake(id) and bookmark_folders.is_anybodys(id):
            raise Forbidden("Access denied")
        raise NotFound("Folder not found")
    return found


def add(name: str, emoji: str | None, viewer: Viewer) -> BookmarkFolder:
    if len(list_of(viewer)) >= bookmark_folders.MOST_FOLDERS:
        raise Unacceptable("You have too many folders")
    return bookmark_folders.add(viewer.id, _name(name), _emoji(emoji) if emoji else None)


def change(id: str, name: str | None, emoji: str | None, viewer: Viewer) -> BookmarkFolder:
    """Change a folder. None leaves it as it is, and a blank emoji takes it away."""
    found = get(id, viewer)
    found.name = found.name if name is None else _name(name)
    if emoji is not None:
        found.emoji = _emoji(emoji) if emoji.strip() else None
    if not bookmark_folders.change(found):
        raise NotFound("Folder not found")
    return found


def _name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Unacceptable("name can't be blank")
    if not text.fits(LONGEST_NAME, name):
        raise Unacceptable(f"name should be at most {LONGEST_NAME} character(s)")
    return name


def _emoji(typed: str) -> str:
    """An emoji of Unicode in its one spelling, or the shortcode of one of this server, between colons."""
    found = text.find_emoji(typed.strip())
    shortcode = typed.strip().strip(":")
    if found is None and custom.picture_of(shortcode) is None:
        raise Unacceptable("emoji is invalid")
    return found or f":{shortcode}:"


def remove(id: str, viewer: Viewer) -> BookmarkFolder:
    """Delete a folder. Its bookmarks stay, outside of all folders."""
    found = get(id, viewer)
    event = BookmarkFolderRemoved(viewer.id, id)
    if not bookmark_folders.remove(found, events.owed(event)):
        raise NotFound("Folder not found")
    events.tell(event)
    return found


def empty(owner_id: str, folder: str, job: str) -> bool:
    """Take the bookmarks out of a folder that is gone. False if there may be more. The job row has the cursor."""
    reached = jobs.find_cursor(job)
    for _ in range(PAGES_A_RUN):
        rows = marked.bookmarks(owner_id, above=None, below=reached, ascending=False, limit=PAGE)
        bookmark_folders.take_out(owner_id, bookmark_folders.in_folder(owner_id, rows, folder), folder)
        if len(rows) < PAGE:
            return True
        reached = int(rows[-1].cursor)
        if not jobs.save_cursor(job, reached):
            return True
    return False
