"""Two versions of the application, request by request in turn: does a mechanism of our own earn its keep?

    git worktree add ../other && …                       change something there
    python -m bench.trial ../other                       home, verify_credentials, post and react
    python -m bench.trial ../other --only "home, 20" --starts 31

Both run alone in a process, as in Lambda, on one DynamoDB Local; the queue and the bucket are in a process of their
own as well. Counted is the CPU of the process that answers. A machine that others use as well is slow now and fast
then: so the two take turns at each request, and each pair gives a ratio. A process is faster or slower than another of
the same version by up to a tenth, as its memory happens to lie: so both are started anew several times. The median over
the starts, of the median ratio of each, is what counts.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .measuring import CHECKOUT, Server, folder_in_memory, python_of
from .scenarios import FANS, SCENARIOS

USUAL = ("home, 20", "verify_credentials", "post", "react")
WARM = 8
RESAMPLED = 400
WORKER = """
import json, sys, time
from urllib.parse import parse_qs
sys.path.insert(0, "")
import app as module
try:
    from chalicelib.web.routes import Routes
except ImportError:  # an older version
    from infra.local.routes import Routes
from infra.local.server import Context
app, routes = module.app, Routes(module.app.routes)
for line in sys.stdin:
    head, _, body = json.loads(line).partition("\\r\\n\\r\\n")
    first, *lines = head.split("\\r\\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    route, captured = routes.find(path)
    event = {
        "httpMethod": method, "path": path, "resource": route, "pathParameters": captured, "stageVariables": {},
        "headers": {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)},
        "requestContext": {"httpMethod": method, "resourcePath": route, "path": path, "requestId": "1",
                           "identity": {"sourceIp": "127.0.0.1"}},
        "multiValueQueryStringParameters": parse_qs(query, keep_blank_values=True) or None, "body": body or None,
    }
    context, wall, cpu = Context(), time.perf_counter(), time.process_time()
    reply = app(event, context)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps([reply["statusCode"], cpu, wall]), flush=True)
"""


class Took(NamedTuple):
    """Seconds."""

    cpu: float
    wall: float


Pair = tuple[Took, Took]


@dataclass(frozen=True)
class Verdict:
    """What this version takes for each second of the other: CPU, with the middle nine tenths of what other trials would
    show, and time. Milliseconds of CPU beside it.
    """

    name: str
    cpu: float
    low: float
    high: float
    wall: float
    ours_ms: float
    theirs_ms: float

    def row(self) -> str:
        return (f"| {self.name} | {self.cpu:.3f} | {self.low:.3f} to {self.high:.3f} | {self.wall:.3f} "
                f"| {self.ours_ms:.2f} | {self.theirs_ms:.2f} |")


class Version:
    """The application of a checkout, alone in a process."""

    def __init__(self, checkout: Path, environ: dict[str, str]) -> None:
        self._process = subprocess.Popen([python_of(checkout), "-c", WORKER], cwd=checkout, text=True,
                                         env=os.environ | environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, raw: bytes) -> Took:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(raw.decode("latin-1")) + "\n")
        self._process.stdin.flush()
        status, cpu, wall = json.loads(self._process.stdout.readline() or "[0, 0, 0]")
        if status != 200:
            raise SystemExit(f"Answered {status}: {raw[:200]!r}")
        return Took(cpu, wall)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextlib.contextmanager
def both(other: Path, environ: dict[str, str], number: int) -> Iterator[tuple[Version, Version]]:
    """Ours and theirs, in processes of their own that were started in turn."""
    environ = environ | {"PYTHONHASHSEED": str(number)}
    checkouts = [CHECKOUT, other] if number % 2 else [other, CHECKOUT]
    started = {checkout: Version(checkout, environ) for checkout in checkouts}
    try:
        yield started[CHECKOUT], started[other]
    finally:
        for version in started.values():
            version.stop()


def in_turn(requests: Iterator[bytes], ours: Version, theirs: Version, pairs: int) -> list[Pair]:
    for version in (ours, theirs):
        for raw in itertools.islice(requests, WARM):
            version.ask(raw)
    found = []
    for number in range(pairs):
        order = (ours, theirs) if number % 2 else (theirs, ours)
        took = {version: version.ask(next(requests)) for version in order}
        found.append((took[ours], took[theirs]))
    return found


def verdict(name: str, starts: Sequence[Sequence[Pair]]) -> Verdict:
    """From the pairs of each start, ours first."""
    ratios = [statistics.median(ours.cpu / theirs.cpu for ours, theirs in pairs) for pairs in starts]
    chance = random.Random(1)
    again = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLED))
    every = [pair for pairs in starts for pair in pairs]
    return Verdict(
        name, statistics.median(ratios), again[RESAMPLED // 20], again[-RESAMPLED // 20],
        statistics.median(ours.wall / theirs.wall for ours, theirs in every),
        statistics.median(ours.cpu for ours, _ in every) * 1000,
        statistics.median(theirs.cpu for _, theirs in every) * 1000,
    )


@contextlib.contextmanager
def stage() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="kenoma-trial-", dir=folder_in_memory()) as folder:
        server = Server(Path(folder))
        try:
            yield server.wait()
        finally:
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.trial", description="Two versions in turn.")
    parser.add_argument("other", type=Path, help="the checkout to compare this one with")
    parser.add_argument("--only", action="append", metavar="NAME", help="this scenario; may be repeated")
    parser.add_argument("--starts", type=int, default=15, help="how often both are started anew")
    parser.add_argument("--pairs", type=int, default=11, help="pairs of requests at each start")
    options = parser.parse_args()
    chosen = [each for each in SCENARIOS if each.name in (options.only or USUAL)]
    found: dict[str, list[list[Pair]]] = {each.name: [] for each in chosen}
    with stage() as server:
        server.ask("make_world")
        server.ask("hundred")
        world = server.ask("fans", count=FANS)
        environ = server.ask("lend")
        requests = {each.name: each.requests(world) for each in chosen}
        for number in range(options.starts):
            with both(options.other.resolve(), environ, number) as (ours, theirs):
                for name, pairs in found.items():
                    pairs.append(in_turn(requests[name], ours, theirs, options.pairs))
    print(f"Python {sys.version.split()[0]}, {options.starts} starts of {options.pairs} pairs\n")
    print("| | CPU, this to the other | nine tenths | time | this, ms CPU | the other, ms CPU |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, pairs in found.items():
        print(verdict(name, pairs).row())


if __name__ == "__main__":
    main()
