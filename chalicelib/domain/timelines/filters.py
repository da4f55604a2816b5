"""Filters: phrases that one does not want to read.

Clients hide what matches a filter. Only what matches an *irreversible* one is left out by the server
(`notifications.making.matches_irreversible`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...store.dynamo.keys import Key
from ...store.timelines import filters
from ...store.timelines.filters import Filter, Filters
from ..refusals import NotFound, Unacceptable
from ..retrying import retried
from ..text import fits
from ..viewer import Viewer

MOST = 200
LONGEST = 255
CONTEXTS = ("home", "notifications", "public", "thread")


@dataclass(frozen=True)
class WantedFilter:
    """What a filter shall be. None: as it is, or the default of a new one."""

    phrase: str
    context: Sequence[str]
    irreversible: bool | None = None
    whole_word: bool | None = None


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What every request about filters reads first."""
    return filters.keys(viewer_id)


def list_of(viewer: Viewer) -> list[Filter]:
    """The viewer's filters, newest first."""
    return list(reversed(filters.find(viewer.id).all))


def get(id: str, viewer: Viewer) -> Filter:
    return _in(filters.find(viewer.id), id)


def create(wanted: WantedFilter, viewer: Viewer) -> Filter:
    """Make a filter. Its id is one more than the largest."""
    _check(wanted)

    def add(known: Filters) -> tuple[list[Filter], Filter]:
        if len(known.all) >= MOST:
            raise Unacceptable(f"You can only have {MOST} filters")
        number = max((each.id for each in known.all), default=0) + 1
        new = _applied(Filter(number, "", []), wanted)
        return [*known.all, new], new

    return _change(viewer, add)


def update(id: str, wanted: WantedFilter, viewer: Viewer) -> Filter:
    _check(wanted)

    def put(known: Filters) -> tuple[list[Filter], Filter]:
        old = _in(known, id)
        new = _applied(old, wanted)
        return [new if each is old else each for each in known.all], new

    return _change(viewer, put)


def remove(id: str, viewer: Viewer) -> None:
    def take(known: Filters) -> tuple[list[Filter], Filter]:
        old = _in(known, id)
        return [each for each in known.all if each is not old], old

    _change(viewer, take)


def _change(viewer: Viewer, decide: Callable[[Filters], tuple[list[Filter], Filter]]) -> Filter:
    """Save the filters as `decide` wants them. If another request changed them meanwhile, it is asked again."""
    def attempt() -> Filter:
        known = filters.find(viewer.id)
        after, one = decide(known)
        filters.save(known, after)
        return one

    return retried(attempt)


def _in(known: Filters, id: str) -> Filter:
    found = next((each for each in known.all if str(each.id) == id), None)
    if found is None:
        raise NotFound
    return found


def _applied(filter: Filter, wanted: WantedFilter) -> Filter:
    return replace(
        filter, phrase=wanted.phrase, context=list(dict.fromkeys(wanted.context)),
        irreversible=filter.irreversible if wanted.irreversible is None else wanted.irreversible,
        whole_word=filter.whole_word if wanted.whole_word is None else wanted.whole_word,
    )


def _check(wanted: WantedFilter) -> None:
    if not wanted.phrase.strip():
        raise Unacceptable("can't be blank")
    if not fits(LONGEST, wanted.phrase):
        raise Unacceptable(f"should be at most {LONGEST} character(s)")
