"""Looking through a file for what its bytes say, with a bound on the effort.

Whoever reads a file reads it in their own way, and files are broken in many ways. So what is looked for is found by its
marks wherever it stands, rather than by following how the file says it is built.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

MOST_STEPS = 100_000
"""A photograph takes some hundred, but somebody might send a million pieces."""
BYTES_A_STEP = 1_000
"""Of what is overwritten or read again, since pieces may overlap."""


class NotUnderstood(Exception):
    """A file of so many pieces that nobody knows what is in it."""


class Effort:
    """How many more pieces of one file are looked at."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1, *, size: int = 0) -> None:
        """Count some steps, and those for `size` bytes."""
        self.left -= steps + size // BYTES_A_STEP
        if self.left < 0:
            raise NotUnderstood


def find_all(file: bytes | bytearray, marks: Iterable[bytes], start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Where any of the marks stands between two addresses, and which it is, in the order of the file."""
    return heapq.merge(*(_find_each(file, mark, start, end) for mark in marks))


def _find_each(file: bytes | bytearray, mark: bytes, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    at = file.find(mark, start, end)
    while at >= 0:
        yield at, mark
        at = file.find(mark, at + 1, end)
