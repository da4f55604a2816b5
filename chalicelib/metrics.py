"""Metrics: CloudWatch makes them from lines of the log (its "embedded metric format"). No call is made, no agent runs.

    note(Value("Latency", 12.5, "reads"), Value("Calls", 3))

A process collects values, and writes them as one line: once there are a hundred of a kind, or when the first is a
minute old. Nothing wakes a frozen process, so the next request writes what it holds, with the time of then. What a
process holds when it ends is lost: `write` is for values that must not wait.

Each name with each value of its dimension is paid for by the month. So there are ten, and more only when asked for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .settings import settings

NAMESPACE = "Kenoma"
MOST_VALUES = 100
"""CloudWatch takes no more in one line."""
SECONDS = 60
log = logging.getLogger("kenoma.metrics")
log.setLevel(logging.INFO)  # whatever else is logged: alarms need them


@dataclass(frozen=True)
class Metric:
    """`by`: its dimension beside the stage, with its values. `adds_up`: only the sum of what was noted is of interest.

    `is_extra`: only written with KENOMA_METRICS=all.
    """

    unit: str
    by: str = ""
    of: tuple[str, ...] = ("",)
    adds_up: bool = False
    is_extra: bool = False


METRICS: Mapping[str, Metric] = {
    "Latency": Metric("Milliseconds", "Group", ("reads", "writes", "timelines", "federation")),
    "Calls": Metric("Count"),
    "Rounds": Metric("Count"),
    "Busy": Metric("Count", adds_up=True),
    "JobsFailed": Metric("Count", adds_up=True),
    "JobsGivenUp": Metric("Count", adds_up=True),
    "DeliveriesFailed": Metric("Count", adds_up=True),
    "JobLatency": Metric("Milliseconds", "Queue", ("timelines", "inbox", "outside", "imports", "archives"),
                         is_extra=True),
    "Limited": Metric("Count", adds_up=True, is_extra=True),
    "ColdStart": Metric("Milliseconds", is_extra=True),
}


class Value(NamedTuple):
    """`of`: the value of the metric's dimension."""

    name: str
    value: float
    of: str = ""


class Held:
    """What this process has collected and not written yet."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], list[float]] = {}
        self.first = self.last = 0.0

    def add(self, value: Value, now: float) -> None:
        if not self.values:
            self.first = now
        self.last = now
        held = self.values.setdefault((value.of, value.name), [])
        if METRICS[value.name].adds_up and held:
            held[0] += value.value
        else:
            held.append(value.value)

    def is_full(self) -> bool:
        return any(len(values) >= MOST_VALUES for values in self.values.values())


_held = Held()
_lock = threading.Lock()


def note(*values: Value) -> None:
    """Collect values. They are written later, by this process."""
    global _held
    if settings.metrics == "off":
        return
    wanted = [each for each in values if settings.metrics == "all" or not METRICS[each.name].is_extra]
    now = time.time()
    full: list[Held] = []
    with _lock:
        if _held.values and now - _held.first >= SECONDS:
            full.append(_held)
            _held = Held()
        for each in wanted:
            _held.add(each, now)
        if _held.is_full():
            full.append(_held)
            _held = Held()
    for held in full:
        _write(held)


def write() -> None:
    """Write what is held now, for a process that may have no next event."""
    global _held
    with _lock:
        held, _held = _held, Held()
    _write(held)


def _write(held: Held) -> None:
    for line in lines_of(held):
        log.info("metrics", extra=line)


def lines_of(held: Held) -> Iterator[dict[str, Any]]:
    """One line, or one for each value of a dimension: a line can name only one. What has none goes with the first."""
    plain = {name: values for (of, name), values in held.values.items() if not of}
    by_dimension: dict[tuple[str, str], dict[str, list[float]]] = {}
    for (of, name), values in held.values.items():
        if of:
            by_dimension.setdefault((METRICS[name].by, of), {})[name] = values
    if plain and not by_dimension:
        yield _line(held.last, [_directive(plain)], plain)
    for (by, of), metrics in by_dimension.items():
        directives = [_directive(metrics, by), *([_directive(plain)] if plain else [])]
        yield {by: of, **_line(held.last, directives, {**metrics, **plain})}
        plain = {}


def _directive(metrics: Mapping[str, list[float]], *by: str) -> dict[str, Any]:
    return {"Namespace": NAMESPACE, "Dimensions": [["Stage", *by]],
            "Metrics": [{"Name": name, "Unit": METRICS[name].unit} for name in metrics]}


def _line(at: float, directives: list[dict[str, Any]], metrics: Mapping[str, list[float]]) -> dict[str, Any]:
    return {
        "_aws": {"Timestamp": int(at * 1000), "CloudWatchMetrics": directives}, "Stage": settings.stage,
        **{name: values if len(values) > 1 else values[0] for name, values in metrics.items()},
    }
