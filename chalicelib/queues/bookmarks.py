"""Messages about bookmarks. They are like those of `messages`."""

from __future__ import annotations

from dataclasses import dataclass

from .messages import Message


@dataclass(frozen=True)
class EmptyFolder(Message, kind="empty_folder", queue="timelines", row=("account_id", "folder"), lasts=60):
    """Take the bookmarks out of a folder that was deleted. The job row holds how far that is."""

    account_id: str
    folder: str
