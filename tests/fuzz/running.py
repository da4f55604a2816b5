"""The run: the same number of requests for every operation, and what was found."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from app import app
from chalicelib.settings import settings
from chalicelib.web import openapi
from chalicelib.web.endpoint import DECLARED
from tests.agreement import Disagreement
from tests.cast import Cast
from tests.fuzz.calls import Call, Operation, made
from tests.fuzz.things import Things
from tests.push_service import PRIVATE_KEY, PUBLIC_KEY

ROUNDS_IN_A_WORLD = 15
_MOST_TOLD = 400
_METHODS = ("get", "post", "put", "patch", "delete", "head")


@dataclass
class Found:
    """What a run found. `faults`: for each kind of fault the first request that had it."""

    seed: int
    operations: int = 0
    requests: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    disagreements: int = 0
    undocumented_5xx: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    never_done: list[str] = field(default_factory=list)

    @property
    def documented_5xx(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500) - self.undocumented_5xx

    @property
    def is_clean(self) -> bool:
        return not self.disagreements and not self.undocumented_5xx

    def lines(self) -> Iterator[str]:
        yield (f"seed {self.seed}: {self.operations} operations, {self.requests} requests in {self.seconds:.0f} s, "
               f"{self.undocumented_5xx} undocumented 5xx ({self.documented_5xx} as the document says), "
               f"{self.disagreements} disagreements with the document")
        yield "replies: " + ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        if self.never_done:
            yield "never done: " + ", ".join(self.never_done)
        for fault, request in self.faults.items():
            yield f"\n{fault}\n    {request}"


def all_operations() -> list[Operation]:
    """Every operation of the document."""
    assert app.routes
    declared = {(each.method, path): each for each in DECLARED for path in each.spellings}
    return [
        Operation(method.upper(), path, described, declared["GET" if method == "head" else method.upper(), path])
        for path, item in openapi.document()["paths"].items() for method, described in item.items()
        if method in _METHODS
    ]


def run(new_cast: Callable[[], Cast], *, seed: int, requests: int, seconds: float = 3_600.0, only: str = "") -> Found:
    """Send `requests` requests to every operation whose name has `only`, in turns, until the time is over.

    After every ROUNDS_IN_A_WORLD turns `new_cast` makes a new world: a full one would be slow.
    """
    found = Found(seed)
    with _pushing():
        operations = [each for each in all_operations() if only in str(each)]
        by_chance = {str(each): Random(f"{seed} {each}") for each in operations}
        done: set[str] = set()
        started = time.monotonic()
        for number in range(requests):
            if number % ROUNDS_IN_A_WORLD == 0:
                things = Things(new_cast())
            for operation in operations:
                if _asked(operation, things, by_chance[str(operation)], found) // 100 in (2, 3):
                    done.add(str(operation))
            found.seconds = time.monotonic() - started
            if found.seconds > seconds:
                break
    found.operations = len(operations)
    found.never_done = [str(each) for each in operations if str(each) not in done]
    return found


@contextmanager
def _pushing() -> Iterator[None]:
    """Push is on, as on a server that is configured."""
    before = dict(vars(settings))
    settings.vapid_public_key, settings.vapid_private_key = PUBLIC_KEY, PRIVATE_KEY
    try:
        yield
    finally:
        vars(settings).update(before)


def _asked(operation: Operation, things: Things, random: Random, found: Found) -> int:
    """The status of one request. Its faults are noted."""
    found.requests += 1
    call: Call | None = None
    try:
        call = made(operation, things, random)
        status = call.send().status
    except Disagreement as fault:
        status = fault.status
        found.disagreements += 1
        found.undocumented_5xx += status >= 500
        found.faults.setdefault(str(fault)[:_MOST_TOLD], str(call or f"while preparing {operation}"))
    found.statuses[status] += 1
    if operation.method == "DELETE" or "clear" in operation.path or "dismiss" in operation.path:
        things.forget()
    return status
