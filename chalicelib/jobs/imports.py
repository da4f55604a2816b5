"""Imports: a chunk of a list of accounts to follow."""

from __future__ import annotations

from ..domain import imports
from .messages import ImportFollows
from .queue import Counts, job


@job(queue="imports")
def import_follows(message: ImportFollows) -> Counts:
    """Follow a hundred names. Whoever is followed already is left alone: twice, or cut short and again, is harmless."""
    progress = imports.follow_all(message.names, account_id=message.account_id, since=message.import_id)
    about = {"import_id": message.import_id, "chunk": message.chunk}
    return {**about, "gone": 1} if progress is None else {**about, **vars(progress)}
