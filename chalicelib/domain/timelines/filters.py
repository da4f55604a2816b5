"""Filters: what one does not want to read, by keywords and single statuses, in some places, perhaps until a time.

A filter belongs to one account, and so do the numbers of filters, of keywords, and of the statuses that filters name.
What a filter does is in `filtering`. The older API has a filter for each keyword (`older_filters`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from ...ids import is_flake
from ...store.accounts.accounts import Preferences
from ...store.dynamo.keys import Key
from ...store.timelines import filters
from ...store.timelines.filters import BLUR, HIDE, WARN, Filter, FilteredStatus, Filters, Keyword
from .. import events, visibility
from ..event_types.accounts import FiltersChanged
from ..refusals import NotFound, Unacceptable
from ..retrying import retried
from ..text import fits
from ..viewer import Viewer
from .filtering import CONTEXTS

MOST = 200
MOST_KEYWORDS, MOST_KEYWORDS_IN_ALL = 200, 1000
MOST_STATUSES = 200
LONGEST = 255
MOST_BYTES = 65_536
"""All filters of an account in the viewer set, which every request with a token reads."""
LONGEST_SECONDS = 100 * 366 * 86_400
ACTIONS = (WARN, HIDE, BLUR)
Answer = TypeVar("Answer")
Part = TypeVar("Part", Keyword, FilteredStatus)


@dataclass(frozen=True)
class WantedKeyword:
    """A keyword that a filter shall have. With an id: that one shall become so, or go."""

    keyword: str | None = None
    whole_word: bool | None = None
    id: str | None = None
    goes: bool = False


@dataclass(frozen=True)
class WantedFilter:
    """What a filter shall be. None: as it is, or the default of a new one. `expires_in`: seconds; 0: never."""

    title: str | None = None
    context: Sequence[str] | None = None
    action: str | None = None
    expires_in: int | None = None
    keywords: Sequence[WantedKeyword] = ()


def ahead(viewer_id: str, **_: str) -> list[Key]:
    """What every request about filters reads first."""
    return filters.keys(viewer_id)


def list_of(viewer: Viewer) -> list[Filter]:
    """The viewer's filters, newest first. Those that have ended are among them until somebody deletes them."""
    return list(reversed(filters.find(viewer.id).all))


def get(id: str, viewer: Viewer) -> Filter:
    return find_in(filters.find(viewer.id).all, id)


def create(wanted: WantedFilter, viewer: Viewer) -> Filter:
    """Make a filter. The number of each new one is one more than the largest."""
    if wanted.title is None:
        raise Unacceptable("Validation failed: Title can't be blank")
    if wanted.context is None:
        raise Unacceptable("Validation failed: Context None or invalid context supplied")
    _check(wanted)

    def add(known: list[Filter]) -> tuple[list[Filter], Filter]:
        new = _applied(Filter(next_number(known), ""), wanted, known)
        return [*known, new], new

    return change(viewer, add)


def update(id: str, wanted: WantedFilter, viewer: Viewer) -> Filter:
    """Change a filter. The server then does with it what this API says, even if it was made by the older one."""
    def put(known: list[Filter]) -> tuple[list[Filter], Filter]:
        old = find_in(known, id)
        _check(wanted)
        new = replace(_applied(old, wanted, known), everywhere=False)
        return exchanged(known, old, new), new

    return change(viewer, put)


def remove(id: str, viewer: Viewer) -> None:
    def take(known: list[Filter]) -> tuple[list[Filter], Filter]:
        old = find_in(known, id)
        return [each for each in known if each is not old], old

    change(viewer, take)


def _applied(filter: Filter, wanted: WantedFilter, known: Sequence[Filter]) -> Filter:
    return replace(
        filter, title=filter.title if wanted.title is None else wanted.title,
        context=filter.context if wanted.context is None else tuple(dict.fromkeys(wanted.context)),
        action=wanted.action or filter.action,
        until=filter.until if wanted.expires_in is None else end_in(wanted.expires_in),
        keywords=_with_keywords(filter, wanted.keywords, next_number(each for of in known for each in of.keywords)),
    )


def _with_keywords(filter: Filter, wanted: Sequence[WantedKeyword], number: int) -> tuple[Keyword, ...]:
    """The filter's keywords, changed and added to. `number`: that of the first new one."""
    kept = {str(each.id): each for each in filter.keywords}
    for each in wanted:
        if each.id is None:
            kept[str(number)] = _keyword(Keyword(number, ""), each.keyword or "", each.whole_word)
            number += 1
        elif each.id not in kept:
            raise NotFound
        elif each.goes:
            del kept[each.id]
        else:
            old = kept[each.id]
            kept[each.id] = _keyword(old, old.keyword if each.keyword is None else each.keyword, each.whole_word)
    return tuple(kept.values())


def _keyword(keyword: Keyword, text: str, whole_word: bool | None) -> Keyword:
    check_text("Keyword", text)
    return replace(keyword, keyword=text, whole_word=keyword.whole_word if whole_word is None else whole_word)


# Keywords and statuses, one by one.


def add_keyword(filter_id: str, keyword: str | None, whole_word: bool | None, viewer: Viewer) -> Keyword:
    def add(known: list[Filter]) -> tuple[list[Filter], Keyword]:
        old = find_in(known, filter_id)
        number = next_number(each for of in known for each in of.keywords)
        new = _keyword(Keyword(number, ""), keyword or "", whole_word)
        return exchanged(known, old, replace(old, keywords=(*old.keywords, new))), new

    return change(viewer, add)


def get_keyword(id: str, viewer: Viewer) -> Keyword:
    return find_keyword_in(filters.find(viewer.id).all, id)[1]


def update_keyword(id: str, keyword: str | None, whole_word: bool | None, viewer: Viewer) -> Keyword:
    def put(known: list[Filter]) -> tuple[list[Filter], Keyword]:
        of, old = find_keyword_in(known, id)
        new = _keyword(old, keyword or "", whole_word)
        return exchanged(known, of, with_keyword(of, old, new)), new

    return change(viewer, put)


def remove_keyword(id: str, viewer: Viewer) -> None:
    """Take a keyword out of its filter, which stays even if it has no other."""
    def take(known: list[Filter]) -> tuple[list[Filter], None]:
        of, old = find_keyword_in(known, id)
        return exchanged(known, of, with_keyword(of, old, None)), None

    change(viewer, take)


def add_status(filter_id: str, status_id: str | None, viewer: Viewer) -> FilteredStatus:
    """Name a status that the viewer may see. Of a reblog its original is named, which is what filters look at."""
    original = _original(status_id or "", viewer)

    def add(known: list[Filter]) -> tuple[list[Filter], FilteredStatus]:
        old = find_in(known, filter_id)
        there = next((each for each in old.statuses if each.status_id == original), None)
        if there is not None:
            return known, there
        new = FilteredStatus(next_number(each for of in known for each in of.statuses), original)
        return exchanged(known, old, replace(old, statuses=(*old.statuses, new))), new

    return change(viewer, add)


def _original(status_id: str, viewer: Viewer) -> str:
    try:
        status = visibility.readable(status_id, viewer)[0] if is_flake(status_id) else None
    except NotFound:
        status = None
    if status is None:
        raise Unacceptable("Validation failed: Status must exist")
    return str(status.reblog_of or status.id)


def get_status(id: str, viewer: Viewer) -> FilteredStatus:
    return _status_in(filters.find(viewer.id).all, id)[1]


def remove_status(id: str, viewer: Viewer) -> None:
    def take(known: list[Filter]) -> tuple[list[Filter], None]:
        of, old = _status_in(known, id)
        left = replace(of, statuses=tuple(each for each in of.statuses if each is not old))
        return exchanged(known, of, left), None

    change(viewer, take)


# What both APIs do with filters.


def change(viewer: Viewer, decide: Callable[[list[Filter]], tuple[list[Filter], Answer]]) -> Answer:
    """Save the filters as `decide` wants them. If another request changed them meanwhile, it is asked again."""
    def attempt() -> Answer:
        known = filters.find(viewer.id)
        after, answer = decide(known.all)
        _check_room(known, after)
        filters.save(known, after)
        return answer

    answer = retried(attempt)
    events.tell(FiltersChanged(viewer.id))
    return answer


def renew(found: Iterable[Preferences]) -> None:
    """Write filters as they are written now, if an older release wrote them. For `backfill`."""
    for each in found:
        if filters.are_older(each):
            retried(partial(_renew, str(each.id)))


def _renew(account_id: str) -> None:
    known = filters.find(account_id)
    filters.save(known, known.all)


def _check_room(known: Filters, after: Sequence[Filter]) -> None:
    """What takes no more room than before may always be saved."""
    keywords = sum(len(each.keywords) for each in after)
    for what, most, count, before in (
        ("filters", MOST, len(after), len(known.all)),
        ("keywords", MOST_KEYWORDS_IN_ALL, keywords, sum(len(each.keywords) for each in known.all)),
    ):
        if count > most and count > before:
            raise Unacceptable(f"You can only have {most} {what}")
    for each in after:
        if each in known.all:
            continue
        if len(each.keywords) > MOST_KEYWORDS:
            raise Unacceptable(f"A filter can only have {MOST_KEYWORDS} keywords")
        if len(each.statuses) > MOST_STATUSES:
            raise Unacceptable(f"A filter can only have {MOST_STATUSES} statuses")
    size = len(filters.to_text(after).encode())
    if size > MOST_BYTES and size > len(filters.to_text(known.all).encode()):
        raise Unacceptable("Your filters take too much room")


def find_in(known: Iterable[Filter], id: str) -> Filter:
    found = next((each for each in known if str(each.id) == id), None)
    if found is None:
        raise NotFound
    return found


def find_keyword_in(known: Iterable[Filter], id: str) -> tuple[Filter, Keyword]:
    """A keyword, with the filter that has it."""
    return _part_in(((of, each) for of in known for each in of.keywords), id)


def _status_in(known: Iterable[Filter], id: str) -> tuple[Filter, FilteredStatus]:
    return _part_in(((of, each) for of in known for each in of.statuses), id)


def _part_in(parts: Iterable[tuple[Filter, Part]], id: str) -> tuple[Filter, Part]:
    found = next(((of, each) for of, each in parts if str(each.id) == id), None)
    if found is None:
        raise NotFound
    return found


def with_keyword(of: Filter, old: Keyword, new: Keyword | None) -> Filter:
    """The filter with another keyword in the place of one, or with nothing there."""
    changed = [new if each is old else each for each in of.keywords]
    return replace(of, keywords=tuple(each for each in changed if each is not None))


def exchanged(known: Iterable[Filter], old: Filter, new: Filter) -> list[Filter]:
    return [new if each is old else each for each in known]


def next_number(numbered: Iterable[Filter] | Iterable[Keyword] | Iterable[FilteredStatus]) -> int:
    return max((each.id for each in numbered), default=0) + 1


def end_in(seconds: int) -> int | None:
    """When something ends that lasts so long. None: never."""
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise Unacceptable("Validation failed: Expires in is not a time to come")
    return int(time.time()) + seconds if seconds else None


def _check(wanted: WantedFilter) -> None:
    if wanted.title is not None:
        check_text("Title", wanted.title)
    if wanted.context is not None and not (wanted.context and set(wanted.context) <= set(CONTEXTS)):
        raise Unacceptable("Validation failed: Context None or invalid context supplied")
    if wanted.action is not None and wanted.action not in ACTIONS:
        raise Unacceptable("Validation failed: Filter action is not included in the list")


def check_text(name: str, text: str) -> None:
    if not text.strip():
        raise Unacceptable(f"Validation failed: {name} can't be blank")
    if not fits(LONGEST, text):
        raise Unacceptable(f"Validation failed: {name} is too long (maximum is {LONGEST} characters)")
