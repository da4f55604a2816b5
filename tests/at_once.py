"""Calls made at the same moment, each in a thread of its own, like requests to one server.

    results = at_once(*[lambda: alice.post(PATH)] * 20)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The result of each call, in order. None begins before all threads are ready. The first exception is raised."""
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        ready.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
