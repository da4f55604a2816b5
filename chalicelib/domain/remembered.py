"""What a process remembers for a while. There is room for so many things, and the oldest makes room for the newest."""

from __future__ import annotations

import threading
import time
from typing import Generic, TypeVar

T = TypeVar("T")


class RememberedByName(Generic[T]):
    """Things by name, each for so many `seconds`."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._kept: dict[str, tuple[float, T]] = {}
        self._changing = threading.Lock()

    def get(self, name: str) -> T | None:
        kept = self._kept.get(name)
        return kept[1] if kept is not None and kept[0] > time.monotonic() else None

    def put(self, name: str, value: T) -> T:
        """Remember it, from now on."""
        with self._changing:
            self._kept.pop(name, None)
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = (time.monotonic() + self._seconds, value)
        return value

    def drop(self, name: str) -> None:
        with self._changing:
            self._kept.pop(name, None)

    def forget(self) -> None:
        """Drop everything."""
        with self._changing:
            self._kept.clear()
