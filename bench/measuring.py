"""The measured server, and how one scenario is measured against it."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .client import Answer, Connection, at_once, demand
from .scenarios import Scenario, World

CHECKOUT = Path(__file__).resolve().parents[1]
ROOM = 1_000_000_000
STARTS_WITHIN = 400.0
"""Long, because the first start may fetch DynamoDB Local."""


def folder_in_memory() -> str | None:
    """A folder in memory with enough room, if there is one: the speed of a disk should not be measured."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


@dataclass(frozen=True)
class Plan:
    """How long to measure: `rounds` of about `round_seconds` alone, then `busy_seconds` with `connections`."""

    rounds: int = 5
    round_seconds: float = 0.35
    units: int = 25
    busy_seconds: float = 2.0
    connections: int = 8


@dataclass(frozen=True)
class Figures:
    """What one scenario costs. Times are in milliseconds. `units` is the median of the rounds."""

    units: float
    units_low: float
    units_high: float
    p50: float
    p95: float
    per_second: float
    calls: float
    rounds: float
    rru: float
    wru: float
    measured: int
    busy: int

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def python_of(checkout: Path) -> Path:
    """The Python that runs a checkout: of its own environment, or else this one."""
    own = checkout / ".venv" / "bin" / "python"
    return own if own.exists() else Path(sys.executable)


class Server:
    """A local stage of its own, with DynamoDB Local beside it. Without `jobs` it does nothing in the background.

    `given`: settings that are not as usual.
    """

    def __init__(self, data: Path, *, jobs: bool = False, given: Mapping[str, str] | None = None) -> None:
        ours, theirs = socket.socketpair()
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("KENOMA_", "AWS_"))}
        environ |= {"PORT": "0", "KENOMA_DATA_DIR": str(data), "KENOMA_LOCAL_JOBS": "on" if jobs else "off",
                    "KENOMA_LOCAL_DYNAMODB": "dynamodb-local", **(given or {})}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.server", str(theirs.fileno())], cwd=CHECKOUT, env=environ,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self._said: deque[str] = deque(maxlen=30)
        self._answering = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        self._line = ours.makefile("rw", encoding="utf-8")
        self.port = 0
        self._sock = ours

    def wait(self) -> Server:
        if not self._answering.wait(STARTS_WITHIN) or not self.port:
            raise SystemExit("The server did not start.\n" + "\n".join(self._said))
        return self

    def ask(self, question: str, **about: Any) -> Any:
        self._line.write(json.dumps({"ask": question, **about}) + "\n")
        self._line.flush()
        line = self._line.readline()
        if not line:
            raise SystemExit("The server ended.\n" + "\n".join(self._said))
        reply = json.loads(line)
        if "error" in reply:
            raise SystemExit(f"The server could not {question}:\n{reply['error']}")
        return reply["answer"]

    def last_words(self) -> str:
        """What it printed last, perhaps an exception."""
        time.sleep(0.3)
        return "\n".join(self._said)

    def spent(self) -> tuple[float, float]:
        """Seconds of CPU that the server and its engine have used. Only Linux tells."""
        own, *beside = [_stat(pid) for pid in self._processes()]
        tick = os.sysconf("SC_CLK_TCK")
        return sum(map(int, own[11:13])) / tick, sum(sum(map(int, each[11:13])) for each in beside) / tick

    def memory_mb(self) -> float:
        """What the server and its engine hold in memory."""
        pages = sum(int(_stat(pid)[21]) for pid in self._processes())
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000

    def _processes(self) -> list[int]:
        own = self._process.pid
        beside = [int(folder.name) for folder in Path("/proc").iterdir()
                  if folder.name.isdigit() and _stat(int(folder.name))[1:2] == [str(own)]]
        return [own, *beside]

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._sock.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.append(line.strip())
            address = re.search(r"answers at http://127\.0\.0\.1:(\d+)", line)
            if address:
                self.port = int(address[1])
                self._answering.set()
        self._answering.set()


def _stat(pid: int) -> list[str]:
    """What /proc tells of a process, from its state on; nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


class Measurer:
    """Measures scenarios on one server. Each round of requests is between two measurements of the unit."""

    def __init__(self, server: Server, plan: Plan, world: World) -> None:
        self.server, self.plan, self.world = server, plan, world
        self.unit_cpu: list[float] = []
        self.unit_walls: list[float] = []

    def unit(self) -> float:
        """Seconds of the server's CPU for one GetItem, at this moment."""
        timed = self.server.ask("unit", account_id=self.world["viewer"]["id"], times=self.plan.units)
        self.unit_cpu.append(timed["cpu"])
        self.unit_walls.extend(timed["walls"])
        return float(timed["cpu"])

    def measure(self, scenario: Scenario) -> Figures | None:
        """The scenario's figures. None: the server has no such endpoint."""
        requests = scenario.requests(self.world)
        connection = Connection.to(self.server.port)
        try:
            first = connection.ask(next(requests))
            if first.status == 404 and b"Not implemented" in first.body:
                return None
            demand(first)
            warm = [demand(connection.ask(raw)).seconds for raw in itertools.islice(requests, 5)]
            count = max(8, min(80, round(self.plan.round_seconds / statistics.median(warm))))
            answers, ratios = self._alone(connection, requests, count, drained=scenario.jobs)
        finally:
            connection.close()
        rate = at_once(self.server.port, self.plan.connections, requests, self.plan.busy_seconds)
        if scenario.jobs:
            self.server.ask("drain")
        times = sorted(answer.seconds * 1000 for answer in answers)
        costs = [answer.figures for answer in answers]
        return Figures(
            statistics.median(ratios), min(ratios), max(ratios), statistics.median(times), _percentile(times, 95),
            rate.per_second, _mean(costs, "calls"), _mean(costs, "rounds"), _mean(costs, "rru"), _mean(costs, "wru"),
            len(answers), rate.requests,
        )

    def _alone(self, connection: Connection, requests: Iterator[bytes], count: int, *,
               drained: bool) -> tuple[list[Answer], list[float]]:
        """All answers, and what each round cost. `drained`: empty the queues between rounds, because the stage's own
        queues get slower as they fill."""
        answers: list[Answer] = []
        ratios: list[float] = []
        for _ in range(self.plan.rounds):
            if drained:
                self.server.ask("drain")
            before = self.unit()
            started = self.server.ask("cpu")
            turn = [demand(connection.ask(raw)) for raw in itertools.islice(requests, count)]
            used = self.server.ask("cpu") - started
            after = self.unit()
            answers += turn
            ratios.append(used / len(turn) / ((before + after) / 2))
        return answers, ratios


def _percentile(ordered: list[float], percent: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _mean(costs: list[dict[str, float]], name: str) -> float:
    return statistics.fmean(cost.get(name, 0.0) for cost in costs)


def import_cpu(times: int) -> float:
    """CPU seconds to import `app` in a fresh process. The least of several counts: the first one writes bytecode."""
    code = "import time; start = time.process_time(); import app; print(time.process_time() - start)"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KENOMA_", "AWS_"))}
    environ |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    command = [sys.executable, "-c", code]
    runs = [subprocess.run(command, cwd=CHECKOUT, env=environ, capture_output=True, text=True) for _ in range(times)]
    for run in runs:
        if run.returncode:
            raise SystemExit(f"Importing app failed:\n{run.stderr}")
    return min(float(run.stdout) for run in runs)
