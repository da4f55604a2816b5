"""What follows from what happens with bookmarks."""

from __future__ import annotations

from collections.abc import Iterator

from ...queues.bookmarks import EmptyFolder
from ..event_types.statuses import BookmarkFolderRemoved
from .registering import Due, owes


@owes(BookmarkFolderRemoved)
def empty_folder(event: BookmarkFolderRemoved) -> Iterator[Due]:
    yield Due(EmptyFolder(event.account_id, event.folder_id))
