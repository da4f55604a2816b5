"""Folders of bookmarks."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.timelines import bookmark_folders
from ...domain.viewer import Viewer
from ...entities.statuses.bookmark_folder import render_bookmark_folder
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId

READ, WRITE = signed_in("read:bookmarks"), signed_in("write:bookmarks")
Emoji = Annotated[str | None, "One of Unicode, or the shortcode of one of this server."]


@endpoint("GET", "/api/v1/pleroma/bookmark_folders", auth=READ)
def index(viewer: Viewer) -> list[entities.BookmarkFolder]:
    """The viewer's folders of bookmarks, the oldest first, at most a hundred."""
    return [render_bookmark_folder(folder) for folder in bookmark_folders.list_of(viewer)]


@endpoint("POST", "/api/v1/pleroma/bookmark_folders", auth=WRITE)
def create(viewer: Viewer, name: str, emoji: Emoji = None) -> entities.BookmarkFolder:
    """Make a folder."""
    return render_bookmark_folder(bookmark_folders.add(name, emoji, viewer))


@endpoint("PATCH", "/api/v1/pleroma/bookmark_folders/{id}", auth=WRITE)
def change(viewer: Viewer, id: FlakeId, name: str | None = None, emoji: Emoji = None) -> entities.BookmarkFolder:
    """Change a folder. What is not sent stays as it is."""
    return render_bookmark_folder(bookmark_folders.change(id, name, emoji, viewer))


@endpoint("DELETE", "/api/v1/pleroma/bookmark_folders/{id}", auth=WRITE)
def remove(viewer: Viewer, id: FlakeId) -> entities.BookmarkFolder:
    """Delete a folder. Its bookmarks stay."""
    return render_bookmark_folder(bookmark_folders.remove(id, viewer))
