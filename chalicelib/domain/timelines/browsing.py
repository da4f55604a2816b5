"""Browsing a timeline page by page, in both directions: which page was asked for, and where its neighbours begin.

A page asks for one status more than it shows. So it knows whether there is something beyond without asking again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ... import ids
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ..refusals import NotFound
from .timelines import Timeline

SHOWN = 20


@dataclass(frozen=True)
class BrowsedPlace:
    """Older than `max_id`, or newer than `min_id`, or the newest."""

    max_id: str | None = None
    min_id: str | None = None
    since_id: None = None
    limit: int = SHOWN + 1

    @property
    def is_first(self) -> bool:
        return self.max_id is None and self.min_id is None


@dataclass(frozen=True)
class Browsed:
    """Statuses, newest first. `newer`, `older`: the ids from which the neighbours are asked for, or None."""

    statuses: Sequence[Status] = ()
    around: Surroundings = field(default_factory=Surroundings)
    newer: str | None = None
    older: str | None = None
    context: str | None = None


def place(max_id: str | None, min_id: str | None) -> BrowsedPlace:
    """Raises NotFound if an id is none."""
    if any(id is not None and ids.cursor(id) is None for id in (max_id, min_id)):
        raise NotFound
    return BrowsedPlace(max_id, min_id)


def browsed(timeline: Timeline, at: BrowsedPlace) -> Browsed:
    """The page, without the one that was read to know whether there is more."""
    upwards, found = at.min_id is not None, timeline.statuses
    shown = found
    if len(found) > SHOWN:
        shown = found[1:] if upwards else found[:-1]
    beyond = timeline.continues
    if shown is not found:
        beyond = str(shown[0].id if upwards else shown[-1].id)
    if upwards:
        newer, older = beyond, str(shown[-1].id) if shown else at.min_id
    else:
        newer, older = str(shown[0].id) if shown and at.max_id else at.max_id, beyond
    return Browsed(shown, timeline.around, newer, older, timeline.context)
