"""Imports: a chunk of a list of accounts to follow, block or mute."""

from __future__ import annotations

from typing import Any

from ..domain.relationships import imports
from ..queues.messages import ImportFollows, ImportHidden
from ..queues.queue import Counts, job


@job(queue="imports")
def import_follows(message: ImportFollows) -> Counts:
    """Follow a hundred names. Those that are followed already are skipped: running it twice or in part is harmless."""
    return _told(message, imports.follow_all(message.names, account_id=message.account_id, since=message.import_id))


@job(queue="imports")
def import_hidden(message: ImportHidden) -> Counts:
    """Block or mute a hundred names. Those that are blocked or muted already are skipped."""
    what: imports.Hiding = "block" if message.what == "block" else "mute"
    return _told(message, imports.hide_all(message.names, what, account_id=message.account_id))


def _told(message: ImportFollows | ImportHidden, progress: imports.Progress | None) -> Counts:
    """For the log line: which chunk, and what became of its names."""
    about: dict[str, Any] = {"import_id": message.import_id, "chunk": message.chunk}
    return {**about, "gone": 1} if progress is None else {**about, **vars(progress)}
