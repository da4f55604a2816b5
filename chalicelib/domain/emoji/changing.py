"""Changing a pack of emoji, and what is said when the store does not let us."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from ...ids import new_flake
from ...queues.messages import TidyEmoji, outbox
from ...store.dynamo.table import ConditionFailed
from ...store.emoji import changes
from ...store.emoji.changes import CHANGE, Busy, Change, Lapsed
from ...store.files import NotRemoved
from ...store.instance.counters import UNREACHABLE
from ..refusals import Failed

log = logging.getLogger("kenoma.emoji")
_FAULTS = (Busy, Lapsed, NotRemoved, ConditionFailed, *UNREACHABLE)


@contextmanager
def changing(name: str, failure: str, task: str = CHANGE, paths: tuple[str, ...] = ()) -> Iterator[Change]:
    """Change a pack, alone. Failed, with these words: the store does not answer, or others take too long."""
    try:
        with changes.changing(name, task, paths, outbox(TidyEmoji(new_flake()))) as change:
            yield change
    except _FAULTS as error:
        log.error("emoji change failed", exc_info=True)
        raise Failed(failure) from error
