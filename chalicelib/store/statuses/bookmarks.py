"""Bookmarks: statuses kept privately, on the account's marks. Clients page by their ids, which are numbers."""

from __future__ import annotations

from ..dynamo.table import update
from .marks import Mark
from .statuses import Status


def add(status: Status, by: str, number: int, folder: str | None = None) -> bool:
    """Keep the status. False when it was kept already."""
    actions = [Mark.bookmark.set(number), Mark.visibility.set(status.visibility), Mark.author_id.set(status.account_id)]
    if folder is not None:
        actions.append(Mark.folder.set(folder))
    return update(Mark.stub(by, status.id), actions, Mark.bookmark.does_not_exist())


def put_into(status_id: str, by: str, folder: str | None) -> bool:
    """Put a bookmark into a folder, or into none. False when there is no bookmark."""
    action = Mark.folder.remove() if folder is None else Mark.folder.set(folder)
    return update(Mark.stub(by, status_id), [action], Mark.bookmark.exists())


def remove(status_id: str, by: str) -> bool:
    return update(Mark.stub(by, status_id), [Mark.bookmark.remove(), Mark.folder.remove()], Mark.bookmark.exists())
