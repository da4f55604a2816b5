"""Counts what a piece of work costs at DynamoDB: calls, sequential rounds, read and write units.

Calls made at the same time are one round: `together` gives each branch a ledger, and adds the rounds of the longest
branch. botocore's events report the calls of DynamoDB's clients, so no call can be forgotten.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ...holding import Holding

READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
_NOBODY_COUNTS: Callable[[], None] = lambda: None  # noqa: E731


@dataclass
class Ledger:
    calls: int = 0
    rounds: int = 0
    rru: float = 0.0
    wru: float = 0.0
    operations: list[str] = field(default_factory=list)

    def enter(self, operation: str, capacity: float) -> None:
        self.calls += 1
        self.rounds += 1
        self.operations.append(operation)
        if operation in READS:
            self.rru += capacity
        else:
            self.wru += capacity

    def header(self, with_capacity: bool) -> str:
        """The value of X-Kenoma-DynamoDB."""
        text = f"calls={self.calls} rounds={self.rounds}"
        return f"{text} rru={self.rru:g} wru={self.wru:g}" if with_capacity else text


_ledger: contextvars.ContextVar[Ledger | None] = contextvars.ContextVar("ledger", default=None)


def counted() -> Holding[Ledger]:
    """Count every call within the block, also those that `together` makes."""
    return Holding(_ledger, Ledger())


@contextmanager
def one_round() -> Iterator[Callable[[], Ledger | None]]:
    """Yields a function that makes branch ledgers. All their calls count, but only the most rounds of one."""
    ledger = _ledger.get()
    if ledger is None:
        yield _NOBODY_COUNTS
        return
    branches: list[Ledger] = []

    def branch() -> Ledger:
        branches.append(Ledger())
        return branches[-1]

    try:
        yield branch
    finally:
        ledger.calls += sum(each.calls for each in branches)
        ledger.rounds += max((each.rounds for each in branches), default=0)
        ledger.rru += sum(each.rru for each in branches)
        ledger.wru += sum(each.wru for each in branches)
        for each in branches:
            ledger.operations.extend(each.operations)


def counting_into(branch: Ledger | None) -> Holding[Ledger | None]:
    return Holding(_ledger, branch)


def watch(client: Any) -> None:
    """Count the calls of a DynamoDB client from now on."""
    client.meta.events.register("after-call.dynamodb.*", _record, unique_id="kenoma-ledger")


def _record(parsed: dict[str, Any], model: Any, **_: Any) -> None:
    ledger = _ledger.get()
    if ledger is not None:
        ledger.enter(model.name, units(parsed.get("ConsumedCapacity")))


def units(capacity: Any) -> float:
    if isinstance(capacity, list):
        return sum(units(each) for each in capacity)
    return float(capacity.get("CapacityUnits", 0.0)) if isinstance(capacity, dict) else 0.0
