"""Stretches: neighbouring rows that one round of queries found, and how far that round looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Stretch(Generic[Row]):
    """Rows in the order they were asked for. `end`: where the query stopped looking. None: nothing lies beyond."""

    rows: Sequence[Row]
    end: str | None


def end_of(rows: Sequence[Row], asked: int, place: Callable[[Row], str]) -> str | None:
    """Where a query for `asked` rows stopped. None: it reached the end of all rows."""
    return place(rows[-1]) if len(rows) >= asked else None
