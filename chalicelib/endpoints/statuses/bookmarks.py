"""Bookmarks of statuses."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.statuses import bookmarks, reading
from ...domain.timelines import favourites_and_bookmarks
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_status, render_statuses
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import FlakeId


@endpoint("POST", "/api/v1/statuses/{id}/bookmark", auth=signed_in("write:bookmarks"), ahead=reading.ahead)
def bookmark(viewer: Viewer, id: FlakeId,
             folder_id: Annotated[str | None, "Into this folder. Blank: into none."] = None) -> entities.Status:
    """Bookmark a status. Nobody else sees it."""
    status, around = bookmarks.add(id, viewer, folder_id)
    return render_status(status, viewer, around)


@endpoint("POST", "/api/v1/statuses/{id}/unbookmark", auth=signed_in("write:bookmarks"), ahead=reading.ahead)
def unbookmark(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Remove a bookmark."""
    status, around = bookmarks.remove(id, viewer)
    return render_status(status, viewer, around)


@endpoint("GET", "/api/v1/bookmarks", auth=signed_in("read:bookmarks"))
def index(viewer: Viewer, page: Page,
          folder_id: Annotated[FlakeId | None, "Only those in this folder."] = None) -> Paged[entities.Status]:
    """The viewer's bookmarks, latest first. Page it with the Link header only: its ids are numbers."""
    found = favourites_and_bookmarks.list_bookmarks(viewer, page, folder_id)
    shown = render_statuses(found.statuses, viewer, found.around)
    return page.reply(shown, ids=found.cursors, continues=found.continues)
