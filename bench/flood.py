"""A flood: one host sends far more than it may, fifty others send what they have to say, and somebody reads at home.

    python -m bench.flood             50,000 favourites of one host, 5,000 of fifty others
    python -m bench.flood --quick     a tenth of that

All come at once, over seven kept connections: four for the flood, two for the others, none of which sends more than it
may, and one for the reader. A run fails unless every favourite of the others is
taken, every one of the flood that was taken is there in the end, once, and the flood's host was told 429.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from . import report
from .client import Connection, Unexpected, raw_request
from .measuring import Server, folder_in_memory
from .peer import Strangers

FLOOD, OTHERS, HOSTS = 50_000, 5_000, 50
PEOPLE = 8
FLOODING, SENDING = 4, 2
SLOWEST = 1.0
"""Seconds that the reader waits at most."""
HEAD = ["", "sent", "taken", "refused", "p50 ms", "p99 ms", "slowest ms", "a second"]


class Log:
    """What a few connections were answered, and how long that took."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.began, self.ended = time.perf_counter(), 0.0

    def note(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.seconds.append(seconds)
        self.ended = time.perf_counter()

    def row(self, name: str) -> list[str]:
        taken = sorted(self.seconds)
        places = (len(taken) // 2, len(taken) * 99 // 100, len(taken) - 1)
        return [name, f"{len(taken):,}", f"{self.statuses[202] + self.statuses[200]:,}", f"{self.statuses[429]:,}",
                *(f"{1000 * taken[place]:.0f}" for place in places), f"{len(taken) / (self.ended - self.began):.0f}"]


def main() -> None:
    share = 10 if _options().quick else 1
    with tempfile.TemporaryDirectory(prefix="kenoma-bench-", dir=folder_in_memory()) as folder:
        server = Server(Path(folder))
        try:
            server.wait()
            rows = _rows(server, FLOOD // share, OTHERS // share)
        except Unexpected as answer:
            raise SystemExit(f"{answer}\n{server.last_words()}") from None
        finally:
            server.stop()
    print("\n".join(report.lines(HEAD, rows)))


def _rows(server: Server, flood: int, others: int) -> list[list[str]]:
    flooding = Strangers("https://flood.example", PEOPLE)
    quiet = [Strangers(f"https://quiet{number}.example", 1) for number in range(HOSTS)]
    documents = [*flooding.documents(), *(each for one in quiet for each in one.documents())]
    here = server.ask("abroad", what="meet", documents=documents)
    uris = server.ask("abroad", what="statuses", count=max(-(-flood // PEOPLE), -(-others // HOSTS)))
    many = _likes([flooding], uris, here["host"], flood)
    few = _likes(quiet, uris, here["host"], others)
    logs = _all_at_once(server.port, many, few, here["reader"])
    server.ask("drain")
    taken = logs["flood"].statuses[202] + logs["others"].statuses[202]
    came = server.ask("abroad", what="outcome")["favourites"]
    _demand(logs, taken, came)
    return [logs["flood"].row("the flood"), logs["others"].row("fifty others"), logs["home"].row("somebody at home")]


def _likes(senders: Sequence[Strangers], uris: Sequence[str], host: str, many: int) -> list[bytes]:
    """So many favourites, made before anything is measured."""
    pairs = ((uri, by, sender) for uri in uris for sender in senders for by in sender.ids)
    return [sender.delivery(sender.activity("Like", by, uri), host)
            for uri, by, sender in itertools.islice(pairs, many)]


def _all_at_once(port: int, flood: Sequence[bytes], others: Sequence[bytes], reader: str) -> dict[str, Log]:
    logs = {"flood": Log(), "others": Log(), "home": Log()}
    waiting = {"flood": iter(flood), "others": iter(others)}
    over, taking = threading.Event(), threading.Lock()
    home = raw_request("GET", "/api/v1/timelines/home", token=reader)

    def send(name: str) -> None:
        def requests() -> Iterator[bytes]:
            while True:
                with taking:
                    raw = next(waiting[name], None)
                if raw is None:
                    return
                yield raw
        _ask(port, logs[name], requests())

    def read() -> None:
        _ask(port, logs["home"], _until(over, home))

    senders = [_thread(send, name) for name, many in (("flood", FLOODING), ("others", SENDING)) for _ in range(many)]
    reading = _thread(read)
    for each in senders:
        each.join()
    over.set()
    reading.join()
    return logs


def _ask(port: int, log: Log, requests: Iterator[bytes]) -> None:
    connection = Connection.to(port)
    for raw in requests:
        answer = connection.ask(raw)
        log.note(answer.status, answer.seconds)
    connection.close()


def _until(over: threading.Event, raw: bytes) -> Iterator[bytes]:
    while not over.wait(0.1):
        yield raw


def _thread(work: Callable[..., Any], *about: Any) -> threading.Thread:
    thread = threading.Thread(target=work, args=about)
    thread.start()
    return thread


def _demand(logs: dict[str, Log], taken: int, came: int) -> None:
    faults = [
        f"of the others {dict(logs['others'].statuses)}" if set(logs["others"].statuses) != {202} else "",
        f"of the flood {dict(logs['flood'].statuses)}" if set(logs["flood"].statuses) != {202, 429} else "",
        f"at home {dict(logs['home'].statuses)}" if set(logs["home"].statuses) != {200} else "",
        f"{taken} were taken, and {came} are there" if taken != came else "",
        f"home took {max(logs['home'].seconds):.1f} s" if max(logs["home"].seconds) > SLOWEST else "",
    ]
    if any(faults):
        raise Unexpected("; ".join(filter(None, faults)))


def _options() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.flood", description=about)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    return parser.parse_args()


if __name__ == "__main__":
    main()
