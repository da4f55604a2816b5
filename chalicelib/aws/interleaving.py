"""Several calls at the same time, all in one thread: while one waits for its answer, the next one sends its request.

Threads hand the interpreter to one another at each send and receive, which makes two calls at once cost half a call
more than two in a row. Here each call is a greenlet, and changes places with the others only where it says so
(`give_way`), between request and answer, or has to `wait`. So never do that while holding a lock.
"""

from __future__ import annotations

import contextvars
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from greenlet import getcurrent, greenlet

MOST_AT_ONCE = 16
"""So many are under way; the next begins when one of them is done. Clients keep that many connections at least."""


class _Strand(greenlet):
    """One of the calls, in a context of its own, and what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        super().__init__()
        self.gr_context = contextvars.copy_context()
        self._call, self._others = call, getcurrent()
        self.asleep_until = 0.0
        self.result: Any = None
        self.raised: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:  # noqa: BLE001  (raised again where the calls were made)
            self.raised = error

    def step_aside(self, seconds: float = 0) -> None:
        """Go on when it is its turn again, and after so long at the earliest."""
        if seconds:
            self.asleep_until = time.monotonic() + seconds
        self._others.switch()


def interleave(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each call answers. When all have come to an end, the first exception in the order of calls is raised."""
    strands = [_Strand(call) for call in calls]
    _run(strands)
    for strand in strands:
        if strand.raised is not None:
            raise strand.raised
    return [strand.result for strand in strands]


def give_way() -> None:
    """Let the calls at the same time go on, until it is this one's turn again. Without others nothing happens."""
    current = getcurrent()
    if isinstance(current, _Strand):
        current.step_aside()


def wait(seconds: float) -> None:
    """Do nothing for so long, and let the calls at the same time go on."""
    current = getcurrent()
    if isinstance(current, _Strand):
        current.step_aside(seconds)
    else:
        time.sleep(seconds)


def _run(strands: Sequence[_Strand]) -> None:
    """Each goes on until it gives way or is done. Calls within a call give way, or wait, as one when all of them do."""
    later, under_way = deque(strands), list[_Strand]()
    while later or under_way:
        while later and len(under_way) < MOST_AT_ONCE:
            under_way.append(later.popleft())
        left = min(strand.asleep_until for strand in under_way) - time.monotonic()
        if left > 0:
            wait(left)
        for strand in under_way:
            if strand.asleep_until <= time.monotonic():
                strand.switch()
        under_way = [strand for strand in under_way if not strand.dead]
        if under_way:
            give_way()
