"""Bookmarks on the queue `timelines`."""

from __future__ import annotations

from ..domain.timelines import bookmark_folders
from ..queues.bookmarks import EmptyFolder
from ..queues.queue import Again, job


@job(queue="timelines")
def empty_folder(message: EmptyFolder) -> Again | None:
    """Let bookmarks forget a folder that is gone. Twice is harmless: they have no folder then."""
    return None if bookmark_folders.empty(message.account_id, message.folder, message.job) else Again()
