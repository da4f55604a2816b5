"""Pages that filters may empty: read on while the page is short, within limits, and say where the reading stopped.

    found = fill(window(page), read, show)

A page is filled by *stretches*: the rows that one round of queries finds, without those that can be left out by their
row alone. The other rows are *loaded*, and what may be shown of them is put on the page. At most four stretches are
read. If they did not fill the page, it stays short, and its cursor goes on from where the reading stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..store.dynamo.stretches import Stretch
from .paging import Window

MOST_STRETCHES = 4
Row = TypeVar("Row")
Shown = TypeVar("Shown")
Read = Callable[[Window, int], Stretch[Row]]
"""Reads the next stretch of what is left of a window, given how many were read before."""
Show = Callable[[Sequence[Row]], Sequence[Shown]]
"""Loads rows, and answers what may be shown of them, in their order."""


@dataclass(frozen=True)
class Filled(Generic[Shown]):
    """What may be shown, newest first. `continues`: the cursor to go on from, if the page is short before the end."""

    shown: list[Shown] = field(default_factory=list)
    continues: str | None = None


@dataclass(frozen=True)
class Loading(Generic[Row]):
    """How to load a stretch that is too large to be loaded at once.

    `size`: how many rows to load next, given how many the page lacks. 0: no more, and the reading stops.
    `place`: the cursor of a row. The page goes on from the last loaded row. Without it: from the last stretch.
    `wanted`: whether a row is still worth loading, after all that was loaded before.
    """

    size: Callable[[int], int]
    place: Callable[[Row], str] | None = None
    wanted: Callable[[Row], bool] | None = None


def fill(part: Window, read: Read[Row], show: Show[Row, Shown], loading: Loading[Row] | None = None) -> Filled[Shown]:
    """A page of at most `part.limit`. Each stretch is loaded at once, unless `loading` says otherwise."""
    page = _Filling(part, show, loading)
    left = part
    for turn in range(0 if part.empty else MOST_STRETCHES):
        stretch = read(left, turn)
        if not page.take(stretch.rows):
            break
        if page.lacks <= 0 or stretch.end is None:
            return page.filled(None)
        left, page.stopped = left.beyond(stretch.end), stretch.end
    return page.filled(page.stopped)


class _Filling(Generic[Row, Shown]):
    """A page in the making. `stopped`: the cursor to go on from, if nothing more is read."""

    def __init__(self, part: Window, show: Show[Row, Shown], loading: Loading[Row] | None) -> None:
        self._part, self._show, self._loading = part, show, loading
        self._shown: list[Shown] = []
        self.stopped: str | None = None

    @property
    def lacks(self) -> int:
        return self._part.limit - len(self._shown)

    def take(self, rows: Sequence[Row]) -> bool:
        """Load rows until the page is full. False if no more may be loaded."""
        if self._loading is not None:
            return self._take(rows, self._loading)
        self._shown += self._show(rows) if rows else ()
        return True

    def _take(self, rows: Sequence[Row], loading: Loading[Row]) -> bool:
        while self.lacks > 0:
            rows = [row for row in rows if loading.wanted is None or loading.wanted(row)]
            if not rows:
                break
            size = loading.size(self.lacks)
            if not size:
                return False
            self._shown += self._show(rows[:size])
            if loading.place is not None:
                self.stopped = loading.place(rows[:size][-1])
            rows = rows[size:]
        return True

    def filled(self, continues: str | None) -> Filled[Shown]:
        shown = self._shown[:self._part.limit]
        return Filled(shown[::-1] if self._part.ascending else shown, continues)
