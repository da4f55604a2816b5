"""The page of a status with its thread, and pages of one status for the frames of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import entities
from . import heads
from .engine import rendered
from .visits import Visit


@dataclass(frozen=True)
class ShownThread:
    """What stands before and after a status, both oldest first. The rest as in `domain/timelines/threads.py`."""

    before: Sequence[entities.Status]
    after: Sequence[entities.Status]
    levels: Mapping[str, int]
    earlier: str | None = None
    more_after: str | None = None


def thread(status: entities.Status, around: ShownThread, *, visit: Visit) -> str:
    is_foreign = "@" in status["account"]["acct"]
    head = heads.elsewhere(status["account"]) if is_foreign else heads.status(status)
    return rendered("statuses/thread.html", visit=visit, head=head, status=status, is_foreign=is_foreign,
                    before=around.before, after=around.after, levels=around.levels, earlier=around.earlier,
                    more_after=around.more_after)


def embed(status: entities.Status) -> str:
    """A status by itself."""
    return rendered("statuses/embed.html", status=status)


def player(status: entities.Status, attachment: entities.Attachment) -> str:
    """The sound or the video of a status, and nothing else."""
    return rendered("statuses/player.html", status=status, attachment=attachment)
