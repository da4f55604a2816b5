"""Paging: which part of a feed a client asks for, in ids. In lists of administration: by the number of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from .. import ids

T = TypeVar("T")


class Cursors(Protocol):
    """What a client asks for. `max_id`: older than. `since_id`: newer than, newest first. `min_id`: directly after."""

    @property
    def max_id(self) -> str | None: ...
    @property
    def since_id(self) -> str | None: ...
    @property
    def min_id(self) -> str | None: ...
    @property
    def limit(self) -> int: ...


@dataclass(frozen=True)
class Window:
    """The ids strictly between two ids. `ascending`: read from the lower one upwards, and reverse the page."""

    above: str | None
    below: str | None
    ascending: bool
    limit: int
    empty: bool = False

    @property
    def numbers(self) -> tuple[int | None, int | None]:
        """`above` and `below` as numbers."""
        return None if self.above is None else int(self.above), None if self.below is None else int(self.below)

    def beyond(self, place: str) -> Window:
        """What is left of the window after it was read up to a place."""
        return replace(self, above=place) if self.ascending else replace(self, below=place)


def window(page: Cursors) -> Window:
    """The window of a page. A cursor that is not valid matches nothing as `max_id`, everything as the other two."""
    below = ids.cursor(page.max_id) if page.max_id else None
    lows = [low for low in (ids.cursor(page.since_id or ""), ids.cursor(page.min_id or "")) if low is not None]
    ascending = bool(page.min_id and ids.cursor(page.min_id))
    empty = bool(page.max_id and below is None) or page.limit <= 0
    return Window(max(lows, default=None), below, ascending, page.limit, empty)


@dataclass(frozen=True)
class Numbered:
    """A page of a list that is asked for by number, the first being 1."""

    number: int
    size: int

    @property
    def start(self) -> int:
        """How many rows come before it."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        return self.start + self.size


@dataclass(frozen=True)
class Slice:
    """Which part of a list is wanted."""

    limit: int
    offset: int = 0

    @property
    def end(self) -> int:
        return self.offset + self.limit

    def of(self, rows: Sequence[T]) -> list[T]:
        return list(rows[self.offset:self.end])
