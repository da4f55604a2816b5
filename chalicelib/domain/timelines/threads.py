"""The part of a thread that a page shows: the status that was asked for, some before it, and some after it.

A page of a thread with thousands of replies costs as much as one with forty: only what is shown is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...ids import is_flake
from ...store.statuses import statuses, surroundings
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow
from .. import visibility
from ..federation import staleness
from ..federation.asking import UNKNOWN
from ..refusals import NotFound, Vanished
from ..statuses.reading import rows_around, shown_of, worth_loading
from ..viewer import Viewer
from .filtering import THREAD

MOST_BEFORE = MOST_AFTER = 40
DEEPEST = 3
CONTEXT = THREAD
"""Where it is seen, as filters know it."""
DELETED = "This post has been deleted."


@dataclass(frozen=True)
class ThreadPart:
    """`levels`: how deep each status after the asked one is indented, from 1 to 3.

    `earlier`: where the part before this one is shown. `after`: the id after which the next part begins.
    """

    status: Status
    around: Surroundings
    before: Sequence[Status] = ()
    after: Sequence[Status] = ()
    levels: Mapping[str, int] = field(default_factory=dict)
    earlier: str | None = None
    more_after: str | None = None


def get_part(status_id: str, viewer: Viewer | None, *, after: str | None = None) -> ThreadPart:
    """A status in its thread as the viewer sees it; after it come the first replies, or those after the id `after`.

    A reblog comes alone, and a status of another server for who is not signed in: their page is elsewhere. Raises
    NotFound, and Vanished while there is a trace of a status that everybody could see.
    """
    status = statuses.find(status_id) if is_flake(status_id) else None
    if status is None:
        raise _gone(status_id)
    if status.reblog_of or (status.host and viewer is None):
        return ThreadPart(*visibility.shown(status, viewer))
    staleness.poll_viewed(status)
    kept = [row for row in rows_around(status, viewer) if row.id != status.id and worth_loading(row, viewer)]
    older = [row for row in kept if row.id < status.id]
    newer = [row for row in kept if row.id > max(status.id, after or "")]
    before, following = older[-MOST_BEFORE:] if after is None else [], newer[:MOST_AFTER]
    own = feeds.row_of(status, FeedRow, "")
    around = surroundings.load_rows([*before, own, *following], viewer.eyes if viewer else None)
    if not visibility.is_shown(around.statuses.get(status.id, status), viewer, around):
        raise NotFound(UNKNOWN)
    return ThreadPart(
        status, around, shown_of(before, viewer, around), shown_of(following, viewer, around), _levels(status, kept),
        before[0].id if before and len(older) > len(before) else None,
        following[-1].id if len(newer) > len(following) else None)


def _levels(status: Status, rows: Sequence[FeedRow]) -> dict[str, int]:
    """Replies one deeper than what they answer. Ids sort by time, so that has been met before."""
    levels = {str(status.id): 0}
    for row in rows:
        if row.id > status.id:
            levels[row.id] = min(levels.get(row.parent_id or "", 0) + 1, DEEPEST)
    return levels


def _gone(status_id: str) -> NotFound | Vanished:
    trace = statuses.find_tombstone(status_id) if is_flake(status_id) else None
    if trace is not None and visibility.is_for_everybody(trace.visibility):
        return Vanished(DELETED)
    return NotFound(UNKNOWN)
