"""Folders of bookmarks. Clients ask for them when they start."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/pleroma/bookmark_folders", auth=signed_in("read:bookmarks"))
def bookmark_folders(viewer: Viewer) -> list[Any]:
    """The viewer's folders of bookmarks. None can be made yet, so the list is empty."""
    return []
