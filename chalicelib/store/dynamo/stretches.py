"""Stretches: rows that stand next to each other, as one round of queries found them, and how far it looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Stretch(Generic[Row]):
    """Rows in the order they were asked for. `end`: the place up to which was looked; None: there is nothing beyond."""

    rows: Sequence[Row]
    end: str | None


def end_of(rows: Sequence[Row], asked: int, place: Callable[[Row], str]) -> str | None:
    """Where a query for so many rows ended; None: it came to the end of all."""
    return place(rows[-1]) if len(rows) >= asked else None
