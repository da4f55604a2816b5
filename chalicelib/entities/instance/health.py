"""The server's health, in a form that was made for a database with a pool of connections."""

from __future__ import annotations

from typing import TypedDict

from ...domain.instance.health import HealthFigures as Examined


class Health(TypedDict):
    """There is no pool, so its numbers are 0. `job_queue_stats`: how many jobs of each queue wait, run, and so on; and
    as `imported`, what became of the accounts of all imports that have ended; as `backfills`, how many items each that
    is under way has looked at.
    """

    pool_size: int
    active: int
    idle: int
    memory_used: float
    healthy: bool
    job_queue_stats: dict[str, dict[str, int]]


def render_health(found: Examined) -> Health:
    return {
        "pool_size": 0, "active": 0, "idle": 0, "memory_used": found.memory_mb, "healthy": found.healthy,
        "job_queue_stats": _stats(found) if found.healthy else {},
    }


def _stats(found: Examined) -> dict[str, dict[str, int]]:
    under_way = {"backfills": found.backfills} if found.backfills else {}
    return {**found.queues, "imported": found.imports, **under_way}
