"""Figures of the server in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...domain.instance.about import Statistics
from ...domain.instance.health import HealthFigures as Examined

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[Mapping[str, str], float]


def render_metrics(statistics: Statistics, found: Examined) -> str:
    """What cannot be read now, because AWS does not answer, is left out."""
    lines = [
        *_gauge("healthy", "Whether tables and queues answer.", [({}, int(found.healthy))]),
        *_gauge("users", "Accounts of this server.", [({}, statistics.users)]),
        *_gauge("statuses", "Statuses of this server that are open to everybody.", [({}, statistics.statuses)]),
        *_gauge("servers", "Other servers of which accounts are known.", [({}, statistics.hosts)]),
        *_gauge("memory_megabytes", "The most memory that this process has used.", [({}, found.memory_mb)]),
        *_gauge("jobs", "Jobs by queue. Those of the queue dead were given up.", [
            ({"queue": queue, "state": state}, number)
            for queue, states in found.queues.items() for state, number in states.items()]),
        *_gauge("imported", "What became of the accounts that imports named.", [
            ({"as": word}, number) for word, number in found.imports.items()]),
        *_gauge("backfilled", "Items that each backfill under way has looked at.", [
            ({"backfill": name}, number) for name, number in found.backfills.items()]),
    ]
    return "\n".join([*lines, ""])


def _gauge(name: str, meaning: str, samples: Iterable[Sample]) -> list[str]:
    values = [f"kenoma_{name}{_labels(labels)} {value:g}" for labels, value in samples]
    return [f"# HELP kenoma_{name} {meaning}", f"# TYPE kenoma_{name} gauge", *values] if values else []


def _labels(labels: Mapping[str, str]) -> str:
    """Names and values are words of this code, so nothing has to be escaped."""
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""
