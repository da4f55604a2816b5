"""Filtering: which filters of a viewer a status matches, and whether the server leaves it out for one.

Clients get `filtered` with a status and decide themselves. The server leaves out what matches a filter that hides: on
home and lists and among notifications, if the filter is for these, and everywhere for the irreversible filters of the
older API. Nobody's own statuses are filtered, and reblogs match as their originals do.

All filters of a viewer are one text in the viewer set. A process takes it apart once.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ...store.accounts.accounts import ViewerSet
from ...store.statuses.statuses import Status
from ...store.timelines import filters
from ...store.timelines.filters import HIDE, Filter
from ..text.phrases import Phrase, Texts

HOME, NOTIFICATIONS, PUBLIC, THREAD, ACCOUNT = CONTEXTS = ("home", "notifications", "public", "thread", "account")
LEFT_OUT_OF = (HOME, NOTIFICATIONS)
"""Where a filter that hides makes the server leave out what matches. Elsewhere the client is told."""


@dataclass(frozen=True)
class FilterMatch:
    """A filter that a status matches. `keywords`: those that it says; `status_id`: its own, if the filter names it."""

    filter: Filter
    keywords: tuple[str, ...] = ()
    status_id: str | None = None


@dataclass(frozen=True)
class ReadyFilter:
    """A filter, with its keywords as they are looked for."""

    filter: Filter
    phrases: tuple[Phrase, ...]
    status_ids: frozenset[str]

    def match(self, texts: Texts, status_id: str | None) -> FilterMatch | None:
        keywords = texts.find(self.phrases)
        named = status_id in self.status_ids
        if not (keywords or named):
            return None
        return FilterMatch(self.filter, tuple(each.typed for each in keywords), status_id if named else None)


class Filtering:
    """What the filters of an account do in one place. Nobody's filters, or an account without any, do nothing.

    Without a context those of all contexts tell what matches, since clients look at contexts as well.
    """

    def __init__(self, hides: ViewerSet | None, context: str | None) -> None:
        in_force = _in_force(hides)
        self._owner = hides.id if hides is not None else None
        self._telling = [each for each in in_force if context is None or context in each.filter.context]
        self._hiding = [each for each in in_force if each.filter.action == HIDE and (
            each.filter.everywhere or (context in LEFT_OUT_OF and context in each.filter.context))]

    def matches(self, status: Status) -> list[FilterMatch]:
        """The filters that a status matches."""
        if not self._telling or status.account_id == self._owner:
            return []
        texts = Texts(status.texts)
        return [match for each in self._telling if (match := each.match(texts, status.id)) is not None]

    def leaves_out(self, status: Status) -> bool:
        """Whether the server leaves out a status."""
        if not self._hiding or status.account_id == self._owner:
            return False
        return self.leaves_out_texts(status.texts, status.id)

    def leaves_out_texts(self, said: Sequence[str], status_id: str | None = None) -> bool:
        """Whether it leaves out what somebody else wrote: a status, or a message of a chat."""
        if not self._hiding:
            return False
        texts = Texts(said)
        return any(each.match(texts, status_id) is not None for each in self._hiding)


def _in_force(hides: ViewerSet | None) -> list[ReadyFilter]:
    if hides is None:
        return []
    if hides.filters is None:
        return [_of_phrases(tuple(hides.irreversible))] if hides.irreversible else []
    now = time.time()
    return [each for each in _taken_apart(hides.filters) if each.filter.until is None or each.filter.until > now]


@lru_cache(maxsize=128)
def _taken_apart(text: str) -> tuple[ReadyFilter, ...]:
    return tuple(ReadyFilter(
        each, tuple(Phrase(keyword.keyword, whole_word=keyword.whole_word) for keyword in each.keywords),
        frozenset(named.status_id for named in each.statuses)) for each in filters.from_text(text))


@lru_cache(maxsize=128)
def _of_phrases(phrases: tuple[str, ...]) -> ReadyFilter:
    """The irreversible filters of an account whose filters have not changed since there are others."""
    return ReadyFilter(Filter(0, "", action=HIDE, everywhere=True), tuple(map(Phrase, phrases)), frozenset())
