"""Imports: a chunk of a list that somebody brought."""

from __future__ import annotations

from ..domain.relationships.importing import imports
from ..queues.accounts import ImportFollows, ImportHidden, ImportKept
from ..queues.queue import Counts, job


@job(queue="imports")
def import_follows(message: ImportFollows) -> Counts:
    """Follow a hundred names. Who is followed already stays so: running it twice or in part is harmless."""
    return _run(message)


@job(queue="imports")
def import_hidden(message: ImportHidden) -> Counts:
    """Block or mute a hundred names. Who is hidden already stays so."""
    return _run(message)


@job(queue="imports")
def import_kept(message: ImportKept) -> Counts:
    """Put a hundred accounts on lists, bookmark a hundred statuses, or block a hundred servers. What is so stays so."""
    return _run(message)


def _run(message: imports.Chunk) -> Counts:
    """For the log line: which chunk, and what became of its names."""
    return {"import_id": message.import_id, "chunk": message.chunk, **imports.run(message).figures}
