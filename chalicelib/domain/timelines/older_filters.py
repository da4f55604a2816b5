"""Filters of the older API: a phrase each. Every keyword of a filter is one of them, and has the keyword's number.

A filter that is made here has one keyword, and is called like it. If it is irreversible, the server leaves out what
matches everywhere, whatever the context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...store.timelines import filters as store
from ...store.timelines.filters import HIDE, WARN, Filter, Keyword
from ..refusals import Unacceptable
from ..text import fits
from ..viewer import Viewer
from .filters import LONGEST, change, end_in, exchanged, find_keyword_in, next_number, with_keyword


@dataclass(frozen=True)
class OwnPhrase:
    """A keyword, with the filter that has it."""

    filter: Filter
    keyword: Keyword


@dataclass(frozen=True)
class WantedPhrase:
    """What a filter shall be. None: as it is, or the default of a new one. `expires_in`: seconds; 0: never."""

    phrase: str
    context: Sequence[str]
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: int | None = None


def list_of(viewer: Viewer) -> list[OwnPhrase]:
    """The keywords of all filters of the viewer, newest first."""
    found = [OwnPhrase(filter, each) for filter in store.find(viewer.id).all for each in filter.keywords]
    return sorted(found, key=lambda each: each.keyword.id, reverse=True)


def get(id: str, viewer: Viewer) -> OwnPhrase:
    return OwnPhrase(*find_keyword_in(store.find(viewer.id).all, id))


def create(wanted: WantedPhrase, viewer: Viewer) -> OwnPhrase:
    """Make a filter. The number of its keyword is one more than the largest."""
    _check(wanted)

    def add(known: list[Filter]) -> tuple[list[Filter], OwnPhrase]:
        keyword = _applied(Keyword(next_number(each for of in known for each in of.keywords), ""), wanted)
        new = replace(_with_rest(Filter(next_number(known), wanted.phrase), wanted), keywords=(keyword,))
        return [*known, new], OwnPhrase(new, keyword)

    return change(viewer, add)


def update(id: str, wanted: WantedPhrase, viewer: Viewer) -> OwnPhrase:
    """Change a keyword, and the filter that has it. If the filter has others too, these must not change with it."""
    _check(wanted)

    def put(known: list[Filter]) -> tuple[list[Filter], OwnPhrase]:
        old, keyword = find_keyword_in(known, id)
        new = _with_rest(old, wanted)
        alone = len(old.keywords) == 1
        if not alone and (set(new.context), new.action, new.until) != (set(old.context), old.action, old.until):
            raise Unacceptable("These parameters cannot be changed from this application because they apply to more "
                               "than one filter keyword")
        other = _applied(keyword, wanted)
        new = replace(with_keyword(new if alone else old, keyword, other), title=wanted.phrase if alone else old.title)
        return exchanged(known, old, new), OwnPhrase(new, other)

    return change(viewer, put)


def remove(id: str, viewer: Viewer) -> None:
    """Delete a keyword. Its filter goes with it if there is nothing else in it."""
    def take(known: list[Filter]) -> tuple[list[Filter], None]:
        old, keyword = find_keyword_in(known, id)
        left = with_keyword(old, keyword, None)
        kept = bool(left.keywords or left.statuses)
        return (exchanged(known, old, left) if kept else [each for each in known if each is not old]), None

    change(viewer, take)


def _applied(keyword: Keyword, wanted: WantedPhrase) -> Keyword:
    return replace(keyword, keyword=wanted.phrase,
                   whole_word=keyword.whole_word if wanted.whole_word is None else wanted.whole_word)


def _with_rest(filter: Filter, wanted: WantedPhrase) -> Filter:
    """What the filter becomes but for its keyword. One that hides already goes on hiding where it did."""
    hid = filter.action == HIDE
    hides = hid if wanted.irreversible is None else wanted.irreversible
    return replace(
        filter, context=tuple(dict.fromkeys(wanted.context)),
        action=HIDE if hides else WARN if hid else filter.action, everywhere=hides and (filter.everywhere or not hid),
        until=filter.until if wanted.expires_in is None else end_in(wanted.expires_in),
    )


def _check(wanted: WantedPhrase) -> None:
    if not wanted.phrase.strip():
        raise Unacceptable("can't be blank")
    if not fits(LONGEST, wanted.phrase):
        raise Unacceptable(f"should be at most {LONGEST} character(s)")
