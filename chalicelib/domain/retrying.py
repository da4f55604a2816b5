"""Trying again: read, decide, write under a condition, and do all of it again if another request was faster.

    return retried(lambda: _add(status_id, by))

Each try reads the present state and decides again. So a refusal always has a reason that holds now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..store.dynamo.failures import Overloaded, Overtaken, pause

TRIES = 30
LONGEST_PAUSE = 0.25
"""Seconds. All tries together take much less than the time that a request has."""
R = TypeVar("R")
T = TypeVar("T")


def retried(attempt: Callable[[], R]) -> R:
    """What `attempt` answers. `attempt` raises `Overtaken` if it lost the race; after all tries raises `Overloaded`."""
    return retried_from(None, lambda _: attempt(), lambda: None)


def retried_from(known: T, attempt: Callable[[T], R], again: Callable[[], T]) -> R:
    """As `retried`, if what the first try needs has been read already. Each further try gets what `again` reads."""
    for turn in range(TRIES):
        try:
            return attempt(known)
        except Overtaken:
            pause(turn, LONGEST_PAUSE)
            known = again()
    raise Overloaded("another request was faster at each try")


def expect(written: bool) -> None:
    """Raises Overtaken if a conditional write was not made, because another request was faster."""
    if not written:
        raise Overtaken
