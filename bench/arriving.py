"""`make bench-arriving`: from a post to its readers' homes, under load, and what the local stage uses when idle.

    python -m bench.arriving             1,500 posts at 60 a second, backlogs of 100 and 5,000, a minute of nothing
    python -m bench.arriving --quick     a tenth of that

Four authors post, whom one reader follows. In the first part queues run as in `make run`, and the reader's home is read
all the while. In the second part nothing runs until all is posted; then the backlog is drained by one thread.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import report
from .client import Connection, demand, raw_request
from .measuring import Server, folder_in_memory

GIVE_UP = 600.0
TEXT = "Number {} of the harbour's news: the lamp is back, and the gulls are up before anybody else."


@dataclass
class Pages:
    """How long the reader's home took, in milliseconds, in each phase."""

    idle: list[float] = field(default_factory=list)
    posting: list[float] = field(default_factory=list)
    arriving: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Who reads at home what the authors post."""

    connection: Connection
    token: str

    def reads(self) -> tuple[float, str | None]:
        """How long the page took, and the id of its first status."""
        answer = demand(self.connection.ask(raw_request("GET", "/api/v1/timelines/home?limit=20", token=self.token)))
        page = json.loads(answer.body)
        return answer.seconds * 1000, page[0]["id"] if page else None


def main() -> None:
    options = _options()
    share = 10 if options.quick else 1
    rows = [*_sustained(1_500 // share, options.rate), *_backlogs(100, 5_000 // share), *_idle(60 // share)]
    print("\n".join(report.lines(["", "", ""], rows)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rate", type=float, default=60.0, help="posts a second")
    return parser.parse_args()


def _sustained(count: int, rate: float) -> Iterator[list[str]]:
    with Serving(jobs=True) as (server, world):
        reader = Reader(Connection.to(server.port), world["viewer"]["token"])
        pages = Pages(idle=[reader.reads()[0] for _ in range(40)])
        before = server.spent()
        began = time.perf_counter()
        last = _post(server, world, count, rate, lambda: pages.posting.append(reader.reads()[0]))
        accepted = time.perf_counter()
        while True:
            took, first = reader.reads()
            if first is not None and first >= last:
                break
            pages.arriving.append(took)
            if time.perf_counter() - accepted > GIVE_UP:
                raise SystemExit("The last post did not come home.")
        arrived = time.perf_counter()
        python, engine = (after - then for after, then in zip(server.spent(), before, strict=True))
    yield ["accepted", f"{count / (accepted - began):.1f} a second", f"{count:,} posts at {rate:g}"]
    yield ["the last at home", f"{arrived - accepted:.1f} s later", f"{count / (arrived - began):.1f} a second in all"]
    each, beside = 1000 * python / count, 1000 * engine / count
    yield ["CPU for each, pages too", f"{each:.1f} ms", f"{beside:.1f} ms of the engine"]
    for phase, times in vars(pages).items():
        if times:
            yield [f"home while {phase}", f"{statistics.median(times):.1f} ms", f"{len(times)} pages"]


def _post(server: Server, world: dict[str, Any], count: int, rate: float, meanwhile: Any) -> str:
    """Post at a pace, each author on a connection, and do something else ten times a second. Answers the last id."""
    numbers, taking, ids, faults = itertools.count(), threading.Lock(), list[str](), list[Exception]()
    began = time.perf_counter()

    def work(token: str) -> None:
        connection = Connection.to(server.port)
        try:
            while True:
                with taking:
                    number = next(numbers)
                if number >= count or faults:
                    return
                time.sleep(max(began + number / rate - time.perf_counter(), 0))
                body = {"status": TEXT.format(number), "visibility": "public"}
                made = demand(connection.ask(raw_request("POST", "/api/v1/statuses", token=token, json_body=body)))
                ids.append(json.loads(made.body)["id"])
        except Exception as fault:  # noqa: BLE001  (raised again by the thread that waits for this one)
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(author["token"],)) for author in world["authors"]]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        meanwhile()
        time.sleep(0.1)
    if faults:
        raise faults[0]
    return max(ids)


def _backlogs(*sizes: int) -> Iterator[list[str]]:
    with Serving(jobs=False) as (server, world):
        for size in sizes:
            _post(server, world, size, 1_000.0, lambda: None)
            done = server.ask("drain")
            yield [f"backlog of {size:,}", f"{size / done['seconds']:.1f} a second",
                   f"{1000 * done['cpu'] / size:.2f} ms CPU, {done['calls'] / size:.2f} calls, "
                   f"{done['wru'] / size:.2f} write units each"]


def _idle(seconds: int) -> Iterator[list[str]]:
    with Serving(jobs=True) as (server, _):
        time.sleep(5)
        before, began = server.spent(), time.perf_counter()
        time.sleep(seconds)
        hour = 3600 / (time.perf_counter() - began)
        python, engine = ((after - then) * hour for after, then in zip(server.spent(), before, strict=True))
        memory = server.memory_mb()
    yield ["idle, an hour", f"{python:.1f} s CPU", f"{engine:.1f} s of the engine; {memory:.0f} MB in all"]


class Serving:
    """A server with people, in a folder of its own."""

    def __init__(self, *, jobs: bool) -> None:
        self._jobs = jobs
        self._folder = tempfile.TemporaryDirectory(dir=folder_in_memory())

    def __enter__(self) -> tuple[Server, dict[str, Any]]:
        print("A server starts", file=sys.stderr, flush=True)
        self.server = Server(Path(self._folder.name), jobs=self._jobs).wait()
        self.server.ask("make_world")
        return self.server, self.server.ask("hundred")

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        self._folder.cleanup()


if __name__ == "__main__":
    main()
