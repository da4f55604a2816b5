"""Calls at the same time: several requests to AWS as one round."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from . import ledgers

T = TypeVar("T")
_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="store")
_inner_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="store-inner")
_depth: contextvars.ContextVar[int] = contextvars.ContextVar("depth", default=0)


def together(*thunks: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same time, as one round; the first in this thread. The first exception is raised.

    Calls within calls get a pool of their own (a full pool whose threads wait for it would stand still);
    a third level runs one after the other.
    """
    if len(thunks) == 1:
        return [thunks[0]()]
    depth = _depth.get()
    if not thunks or depth > 1:
        return [thunk() for thunk in thunks]
    pool = _pool if depth == 0 else _inner_pool
    with ledgers.one_round() as branch:
        futures: list[Future[Any]] = []
        for thunk in thunks[1:]:
            context = contextvars.copy_context()
            futures.append(pool.submit(context.run, _deeper, depth, branch(), thunk))
        try:
            results = [_deeper(depth, branch(), thunks[0])]
        finally:
            _depth.set(depth)
            done = [future.exception() for future in futures]
        for error in done:
            if error is not None:
                raise error
        return results + [future.result() for future in futures]


def _deeper(depth: int, branch: ledgers.Ledger | None, thunk: Callable[[], T]) -> T:
    _depth.set(depth + 1)
    with ledgers.counting_into(branch):
        return thunk()
