"""Calls at the same time: several requests to AWS as one round.

The first call runs in the thread that asks, the others in threads that are kept. A call that no thread has begun by
then runs in the thread that asks as well: so a round within a round never waits for a thread that waits for it, and
what has nothing to wait for costs no change of threads.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from . import ledgers

MOST_AT_ONCE = 16
"""So many calls of a round are under way. Clients keep that many connections at least."""
_threads = ThreadPoolExecutor(MOST_AT_ONCE - 1, thread_name_prefix="together")


def together(*thunks: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same time, as one round. The first exception is raised after all of them have ended."""
    if len(thunks) < 2:
        return [thunk() for thunk in thunks]
    with ledgers.one_round() as branch:
        calls = [partial(contextvars.copy_context().run, _counting, branch(), thunk) for thunk in thunks]
        offered = [_threads.submit(call) for call in calls[1:]]
        outcomes = [_outcome(calls[0])]
        for call, future in zip(calls[1:], offered, strict=True):
            outcomes.append(_outcome(call if future.cancel() else future.result))
    for _, error in outcomes:
        if error is not None:
            raise error
    return [answer for answer, _ in outcomes]


def _counting(branch: ledgers.Ledger | None, thunk: Callable[[], Any]) -> Any:
    with ledgers.counting_into(branch):
        return thunk()


def _outcome(call: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """What a call answers or raises. `together` raises it, once all have ended."""
    try:
        return call(), None
    except BaseException as error:  # noqa: BLE001  (it is raised later)
        return None, error
