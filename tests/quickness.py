"""Whether something runs away. It is no measure of how quick it is: that is what `bench/` is for."""

from __future__ import annotations

import time
from collections.abc import Callable


def takes_less_than(seconds: float, work: Callable[[], object], tries: int = 3) -> bool:
    """Whether one of some tries takes less CPU of this thread: a pause of the collector is not the work's fault."""
    return any(_taken(work) < seconds for _ in range(tries))


def _taken(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
