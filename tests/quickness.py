"""Whether something runs away. It is no measure of how quick it is: that is what `bench/` is for.

What is counted is the CPU of this thread while no collector runs: neither what other threads do nor the garbage of
the tests before is the work's fault. What is left (caches, pages of memory) disturbs one try, not all of them.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIES = 8


def takes_less_than(seconds: float, work: Callable[[], object]) -> bool:
    return any(_taken(work) < seconds for _ in range(TRIES))


def grows_less_than(times: float, work: Callable[[Any], object], short: Any, long: Any, noise: float = 0.1) -> bool:
    """Whether `work(long)` takes less than so many times what `work(short)` takes, give or take a noise in seconds."""
    least_short = least_long = float("inf")
    for _ in range(TRIES):
        least_short = min(least_short, _taken(lambda: work(short)))
        least_long = min(least_long, _taken(lambda: work(long)))
        if least_long < times * least_short + noise:
            return True
    return False


def _taken(work: Callable[[], object]) -> float:
    with _no_collector():
        began = time.thread_time()
        work()
        return time.thread_time() - began


@contextmanager
def _no_collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
