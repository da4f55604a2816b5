"""Two versions of the application side by side, each with a server and data of its own: is this one slower than that?

    git worktree add ../before COMMIT && python -m venv …     with a `.venv` of its own, or a link to this one
    python -m bench.beside ../before                          all scenarios that both have
    python -m bench.beside ../before --only "home, 20" --turns 21

`make bench` of one version and then of the other measures a machine that is fast now and slow then. Here both servers
run, and take turns: forty requests of a scenario for the one while the other waits, with units measured before and
after. Each pair of turns gives a ratio, and the median of these counts. `bench.trial` takes turns at each request and
lends both the same data. That is for a mechanism on trial: for whole versions it is too cold, since at each request the
processor's caches hold what the other one used.

Both should start DynamoDB Local with the same options (`infra/local/engines.py`): the slower it is, the more the
servers wait, and waiting costs CPU as well.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .measuring import CHECKOUT, python_of
from .scenarios import SCENARIOS

DRIVER = """
import itertools, json, statistics, sys, tempfile
from pathlib import Path
sys.path.insert(0, "")
from bench import measuring, scenarios
from bench.client import Connection, demand
folder = tempfile.TemporaryDirectory(prefix="kenoma-beside-", dir=measuring.folder_in_memory())
server = measuring.Server(Path(folder.name)).wait()
for name in ("make_world", "found"):  # the older name comes last
    try:
        server.ask(name)
        break
    except SystemExit:
        continue
server.ask("hundred")
world = server.ask("fans", count=getattr(scenarios, "FANS", 20))
measurer, known, streams = measuring.Measurer(server, measuring.Plan(), world), {}, {}
for scenario in scenarios.SCENARIOS:
    known[scenario.name] = scenario
print(json.dumps(list(known)), flush=True)

def turn(name, count):
    if name not in streams:
        streams[name] = Connection.to(server.port), known[name].requests(world)
    connection, requests = streams[name]
    for raw in itertools.islice(requests, 3):
        demand(connection.ask(raw))
    before, started = measurer.unit(), server.ask("cpu")
    walls = [demand(connection.ask(raw)).seconds for raw in itertools.islice(requests, count)]
    cpu = (server.ask("cpu") - started) / count
    unit = (before + measurer.unit()) / 2
    if getattr(known[name], "jobs", False):
        server.ask("drain")
    return [cpu, cpu / unit, statistics.median(walls)]

for line in sys.stdin:
    try:
        print(json.dumps(turn(*json.loads(line))), flush=True)
    except Exception:  # there are no more people to follow, say
        print("null", flush=True)
server.stop()
folder.cleanup()
"""


class Turn(NamedTuple):
    """Of one request: seconds of the server's CPU, the same in units, seconds from asking to the answer."""

    cpu: float
    units: float
    wall: float


Pair = tuple[Turn, Turn]


@dataclass(frozen=True)
class Comparison:
    """This version's figures for each one of the other. `low`, `high`: between these are nine tenths of the pairs."""

    name: str
    units: float
    low: float
    high: float
    cpu: float
    wall: float
    ours_ms: float
    theirs_ms: float

    def row(self) -> str:
        return (f"| {self.name} | {self.units:.2f} | {self.low:.2f} to {self.high:.2f} | {self.cpu:.2f} "
                f"| {self.wall:.2f} | {self.ours_ms:.2f} | {self.theirs_ms:.2f} |")


def compared(name: str, pairs: Sequence[Pair]) -> Comparison:
    """From pairs of turns, ours first."""
    units = sorted(ours.units / theirs.units for ours, theirs in pairs)
    edge = len(units) // 20
    return Comparison(
        name, statistics.median(units), units[edge], units[-1 - edge],
        statistics.median(ours.cpu / theirs.cpu for ours, theirs in pairs),
        statistics.median(ours.wall / theirs.wall for ours, theirs in pairs),
        statistics.median(ours.cpu for ours, _ in pairs) * 1000,
        statistics.median(theirs.cpu for _, theirs in pairs) * 1000,
    )


class Version:
    """A checkout with a server of its own, which is asked when it is its turn."""

    def __init__(self, checkout: Path) -> None:
        self._process = subprocess.Popen([python_of(checkout), "-c", DRIVER], cwd=checkout, text=True, env=os.environ,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._checkout = checkout
        self.scenarios: list[str] = self._answer()

    def take(self, name: str, requests: int) -> Turn | None:
        """None: it cannot be asked so often."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, requests]) + "\n")
        self._process.stdin.flush()
        found = self._answer()
        return Turn(*found) if found else None

    def stop(self) -> None:
        self._process.communicate()

    def _answer(self) -> list[Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"The server of {self._checkout} ended.")
        found: list[Any] = json.loads(line)
        return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description="Two versions side by side.")
    parser.add_argument("other", type=Path, help="the checkout to compare this one with")
    parser.add_argument("--only", action="append", metavar="NAME", help="this scenario; may be repeated")
    parser.add_argument("--turns", type=int, default=9, help="pairs of turns")
    parser.add_argument("--requests", type=int, default=40, help="requests in a turn")
    options = parser.parse_args()
    ours, theirs = Version(CHECKOUT), Version(options.other.resolve())
    print("| | units, this to the other | nine tenths | CPU | time | this, ms CPU | the other, ms CPU |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    try:
        for scenario in SCENARIOS:
            if scenario.name not in theirs.scenarios or scenario.name not in (options.only or ours.scenarios):
                continue
            pairs = _in_turn(scenario.name, ours, theirs, options)
            print(compared(scenario.name, pairs).row() if pairs else f"| {scenario.name} | – |", flush=True)
    finally:
        for version in (ours, theirs):
            version.stop()


def _in_turn(name: str, ours: Version, theirs: Version, options: argparse.Namespace) -> list[Pair]:
    pairs = []
    for number in range(options.turns):
        order = (ours, theirs) if number % 2 else (theirs, ours)
        took = {version: version.take(name, options.requests) for version in order}
        our, their = took[ours], took[theirs]
        if our is None or their is None:
            break
        pairs.append((our, their))
    return pairs


if __name__ == "__main__":
    main()
