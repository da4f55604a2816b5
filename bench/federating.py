"""What it takes to federate: ten thousand favourites and statuses from elsewhere, and a post to two thousand servers.

    python -m bench.federating             10,000 Likes, 10,000 Creates, 2,000 inboxes
    python -m bench.federating --quick     a tenth of that

Eight people of another server send, whose keys are known and whom one person here follows. All of it comes through
`POST /inbox`, a thousand at a time, and the queues are drained in between by one thread: their stand-in slows down as
it fills. The inboxes are of as many hosts, all of them one server that answers 202 at once. Each row has what one
request, or its jobs, took: CPU of the server, with the stand-in for the queues; calls and units at DynamoDB. Counting
units as AWS does takes time, which is in the seconds and not in the CPU.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import report
from .client import Connection, Unexpected, demand, raw_request
from .measuring import Server, folder_in_memory
from .peer import Sink, Strangers, sink

PEOPLE = 8
MANY, INBOXES = 10_000, 2_000
AT_ONCE = 1_000
UNLIMITED = {"KENOMA_INBOX_LIMIT": "0"}
"""One host sends more than any may in a minute."""
HEAD = ["", "how many", "calls", "rru", "wru", "CPU ms", "seconds in all", "a second"]


def main() -> None:
    share = 10 if _options().quick else 1
    with tempfile.TemporaryDirectory(prefix="kenoma-bench-", dir=folder_in_memory()) as folder, sink() as far:
        server = Server(Path(folder), given=UNLIMITED)
        try:
            server.wait()
            server.ask("count_as_aws")
            rows = list(_rows(server, far, MANY // share, INBOXES // share))
        except Unexpected as answer:
            raise SystemExit(f"{answer}\n{server.last_words()}") from None
        finally:
            server.stop()
    print("\n".join(report.lines(HEAD, rows)))


def _rows(server: Server, far: Sink, many: int, inboxes: int) -> Iterator[list[str]]:
    strangers = Strangers(far.base, PEOPLE)
    here = server.ask("abroad", what="meet", documents=strangers.documents())
    uris = server.ask("abroad", what="statuses", count=-(-many // PEOPLE))
    by_each = itertools.product(uris, strangers.ids)
    likes = (strangers.delivery(strangers.activity("Like", by, uri), here["host"]) for uri, by in by_each)
    yield from incoming(server, "Like, taken", likes, many)
    creates = (strangers.delivery(strangers.status(by), here["host"]) for by in itertools.cycle(strangers.ids))
    yield from incoming(server, "Create, taken", creates, many)
    came = server.ask("abroad", what="outcome")
    if came != {"favourites": many, "statuses": many}:
        raise Unexpected(f"of {many} each there are {came}")
    server.ask("abroad", what="reach", inboxes=far.inboxes(inboxes))
    yield from _outgoing(server, far, here["author"], inboxes)


def incoming(server: Server, name: str, deliveries: Iterator[bytes], many: int) -> Iterator[list[str]]:
    """What the requests take, and what their jobs take."""
    asked = dict.fromkeys(("calls", "rru", "wru", "cpu", "seconds"), 0.0)
    jobs = dict(asked)
    for left in range(many, 0, -AT_ONCE):
        lot = list(itertools.islice(deliveries, min(left, AT_ONCE)))
        connection = Connection.to(server.port)  # a kept one would be closed while the queues are drained
        before, began = server.ask("cpu"), time.perf_counter()
        answers = [demand(connection.ask(raw), 202) for raw in lot]
        connection.close()
        asked["seconds"] += time.perf_counter() - began
        asked["cpu"] += server.ask("cpu") - before
        for figure in ("calls", "rru", "wru"):
            asked[figure] += sum(answer.figures[figure] for answer in answers)
        add(jobs, server.ask("drain"))
        print(f"{name}: {many - left + len(lot):,}", file=sys.stderr, flush=True)
    yield row(name, asked, many)
    yield row("– its jobs", jobs, many)


def _outgoing(server: Server, far: Sink, author: str, inboxes: int) -> Iterator[list[str]]:
    connection = Connection.to(server.port)
    for told in ("none of them was heard of", "all answered a moment ago"):
        far.taken.clear()
        before, began = server.ask("cpu"), time.perf_counter()
        raw = raw_request("POST", "/api/v1/statuses", token=author, json_body={"status": f"The lamp is back: {told}."})
        answer = demand(connection.ask(raw))
        asked = answer.figures | {"seconds": time.perf_counter() - began, "cpu": server.ask("cpu") - before}
        jobs = server.ask("drain")
        taken = sum(1 for inbox in far.inboxes(inboxes) if far.taken.get(inbox) == 1)
        if jobs["failed"] or taken != inboxes:
            raise Unexpected(f"{taken} of {inboxes} inboxes got it once, {jobs['failed']} messages failed")
        yield row(f"a post, {told}", asked, 1)
        yield row("– its jobs, for each inbox", jobs, inboxes)
    connection.close()


def add(total: dict[str, float], more: dict[str, Any]) -> None:
    if more["failed"]:
        raise Unexpected(f"{more['failed']} messages failed")
    for name in total:
        total[name] += more[name]


def row(name: str, figures: dict[str, Any], many: int) -> list[str]:
    each = [figures[figure] / many for figure in ("calls", "rru", "wru")]
    return [name, f"{many:,}", *(f"{figure:.2f}".rstrip("0").rstrip(".") for figure in each),
            f"{1000 * figures['cpu'] / many:.2f}", f"{figures['seconds']:.1f}", f"{many / figures['seconds']:.0f}"]


def _options() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.federating", description=about)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    return parser.parse_args()


if __name__ == "__main__":
    main()
