"""BookmarkFolder: a folder of bookmarks."""

from __future__ import annotations

from typing import TypedDict

from ...domain.emoji import custom
from ...store.timelines.bookmark_folders import BookmarkFolder as Record


class BookmarkFolder(TypedDict):
    """A folder. `emoji_url`: the picture of an emoji of this server, while there is one."""

    id: str
    name: str
    emoji: str | None
    emoji_url: str | None


def render_bookmark_folder(folder: Record) -> BookmarkFolder:
    url = custom.picture_of(folder.emoji.strip(":")) if folder.emoji and folder.emoji.startswith(":") else None
    return {"id": folder.id, "name": folder.name, "emoji": folder.emoji, "emoji_url": url}
