"""Rate-limit windows: how often somebody did something, counted exactly across all instances of the function.

Asked: how many hits has this window, mine included? (one atomic ADD, or a get) The window's number is part of the
key, so a new window starts at 0 and old ones expire by themselves.
"""

from __future__ import annotations

import time

from .dynamo.keys import bounded, key
from .dynamo.table import Writes, fetch
from .ephemeral import Ephemeral


def hit(name: str, who: str, window_ms: int, at: float | None = None) -> int:
    """Count one more hit. Answers how many there are now. `at`: the moment in seconds since 1970, else now."""
    window = _window(window_ms, at)
    row = Ephemeral.stub(_key(name, who, window))
    row.update([Ephemeral.hits.add(1), Ephemeral.ttl.set((window + 1) * window_ms // 1000 + 60)])
    return int(row.hits)


def take_back_in(write: Writes, name: str, who: str, window_ms: int, at: float) -> None:
    """Within a transaction, take back the hit that was counted at that moment."""
    window = _window(window_ms, at)
    write.update(Ephemeral.stub(_key(name, who, window)), [
        Ephemeral.hits.add(-1), Ephemeral.ttl.set((window + 1) * window_ms // 1000 + 60),
    ])


def hits(name: str, who: str, window_ms: int, at: float | None = None) -> int:
    """How many hits there are. Counts none."""
    wanted = key(Ephemeral, _key(name, who, _window(window_ms, at)))
    row = fetch(strong=[wanted]).get(Ephemeral, wanted.hash)
    return int(row.hits) if row else 0


def _window(window_ms: int, at: float | None) -> int:
    return int((time.time() if at is None else at) * 1000) // window_ms


def _key(name: str, who: str, window: int) -> str:
    return bounded(f"l#{name}#", f"{who}#{window}")
