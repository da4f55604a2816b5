"""Health: whether the database and the queues answer."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass, field

from ...queues import queue
from ...store.dynamo.parallel import together
from ...store.instance import counters
from . import backfilling

Figures = dict[str, dict[str, int]]


@dataclass(frozen=True)
class HealthFigures:
    """`queues`: for each queue how many jobs wait, are delayed and are running; `dead` has those given up.

    `imports`: how many imports have ended, and what became of the accounts that they named. `backfills`: how many items
    each that is under way has looked at.
    """

    healthy: bool
    memory_mb: float
    queues: Figures = field(default_factory=dict)
    imports: dict[str, int] = field(default_factory=dict)
    backfills: dict[str, int] = field(default_factory=dict)


def examine() -> HealthFigures:
    """Ask a table and every queue, at the same time."""
    try:
        _, imports, backfills, figures = together(
            counters.statistics, counters.import_figures, backfilling.progress, queue.figures)
    except counters.UNREACHABLE:
        return HealthFigures(False, _memory_mb())
    return HealthFigures(True, _memory_mb(), figures, imports, backfills)


def _memory_mb() -> float:
    """The most memory that this process has ever used. The system tells KiB on Linux, bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 if sys.platform != "darwin" else 1024 * 1024), 1)
