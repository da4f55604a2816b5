"""Browsing a timeline page by page, in both directions: which page was asked for, and where its neighbours begin.

A page asks for one status more than it shows. So it knows whether there is something beyond without asking again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ... import ids
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from ..refusals import NotFound
from .timelines import Timeline

SHOWN = 20
LONGEST_NUMBER = 17
Row = TypeVar("Row")


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


def place(max_id: str | None, min_id: str | None, *, numbered: bool = False) -> BrowsedPlace:
    """Raises NotFound if an id is none. `numbered`: the list is paged by numbers."""
    for id in (max_id, min_id):
        if id is not None and (not is_number(id) if numbered else ids.cursor(id) is None):
            raise NotFound
    return BrowsedPlace(max_id, min_id)


def is_number(id: str) -> bool:
    return id.isascii() and id.isdigit() and len(id) < LONGEST_NUMBER


def browsed(timeline: Timeline, at: BrowsedPlace) -> Browsed:
    """The page, without the one that was read to know whether there is more."""
    part = cut(timeline.statuses, [str(each.id) for each in timeline.statuses], at, timeline.continues)
    return Browsed(part.rows, timeline.around, part.newer, part.older, timeline.context)


@dataclass(frozen=True)
class ListPart(Generic[Row]):
    """Some rows of any list, newest first. `newer`, `older`: as in `Browsed`."""

    rows: Sequence[Row] = ()
    newer: str | None = None
    older: str | None = None


def cut(found: Sequence[Row], ids: Sequence[str], at: BrowsedPlace, continues: str | None = None) -> ListPart[Row]:
    """What a page shows of what was found for it. `ids`: by which the list is paged. `continues`: as in `Timeline`."""
    upwards = at.min_id is not None
    kept = slice(0, None)
    if len(found) > SHOWN:
        kept = slice(1, None) if upwards else slice(0, -1)
    shown, known = found[kept], ids[kept]
    beyond = continues
    if len(shown) < len(found):
        beyond = known[0] if upwards else known[-1]
    if upwards:
        return ListPart(shown, beyond, known[-1] if known else at.min_id)
    return ListPart(shown, known[0] if known and at.max_id else at.max_id, beyond)
