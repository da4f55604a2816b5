"""The local stage as `make run` starts it, with a line to the bench.

The application does not know about the bench. A thread answers the bench's questions (how much CPU has this process
used, what does a unit cost here), and does what is needed between measurements (people, statuses, queued jobs). While
requests are measured, the thread waits for the next question.
"""

from __future__ import annotations

import contextlib
import cProfile
import importlib
import io
import json
import os
import pstats
import signal
import socket
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from infra.local import run


class Line:
    """Answers one JSON question per line. When the bench hangs up, the server ends."""

    def __init__(self, sock: socket.socket) -> None:
        self._lines = sock.makefile("rw", encoding="utf-8")
        self._world: Any = None
        self._plain: Any = None
        self._answers: dict[str, Callable[..., Any]] = {
            "cpu": self._cpu, "unit": self._unit, "plain_unit": self._plain_unit, "profile": self._profile,
            "make_world": self._make_world, "hundred": self._hundred, "history": self._history, "fans": self._fans,
            "no_fans": self._no_fans, "drain": self._drain, "crowd": self._crowd, "largest": self._largest,
            "written": self._written_by_table, "lend": self._lend, "administered": self._administered,
            "abroad": self._ask_abroad, "leaving": self._ask_leaving, "count_as_aws": self._count_as_aws,
        }
        self._counting: Any = None
        self._staff: Any = None
        self._abroad: Any = None
        self._leaving: Any = None
        self._spent = _Spent()
        self._written: Counter[str] | None = None

    def serve(self) -> None:
        for line in self._lines:
            question = json.loads(line)
            try:
                answer = {"answer": self._answers[question.pop("ask")](**question)}
            except Exception:  # noqa: BLE001  (the bench is told)
                answer = {"error": traceback.format_exc()}
            self._lines.write(json.dumps(answer) + "\n")
            self._lines.flush()
        os.kill(os.getpid(), signal.SIGTERM)

    # What is counted.

    def _cpu(self) -> float:
        """Seconds of CPU of this process, without what counting units takes."""
        return time.process_time() - (self._counting.cpu if self._counting else 0)

    def _count_as_aws(self) -> None:
        """From now on the units of all answers are those of AWS. That makes more calls, so times are longer."""
        import boto3

        from chalicelib.store.dynamo import connection

        from .units import Counting

        self._counting = self._counting or Counting(connection.shared().client, boto3.client("dynamodb"))

    # What a unit is.

    def _unit(self, account_id: str, times: int) -> dict[str, Any]:
        """`times` strongly consistent reads of one profile, through the application's own client."""
        from chalicelib.store.accounts.accounts import PROFILE, Account

        return _timed(times, lambda: Account.get(account_id, PROFILE, consistent_read=True))

    def _plain_unit(self, account_id: str, times: int) -> dict[str, Any]:
        """The same through plain botocore, for comparison."""
        import boto3

        from chalicelib.store.accounts.accounts import PROFILE, Account

        if self._plain is None:
            self._plain = boto3.client("dynamodb")
        client, table = self._plain, Account.Meta.table_name
        asked = {"TableName": table, "Key": {"id": {"S": account_id}, "part": {"S": PROFILE}}, "ConsistentRead": True}
        item = client.get_item(**asked)["Item"]
        return _timed(times, lambda: client.get_item(**asked)) | {"bytes": len(json.dumps(item))}

    # Between measurements.

    def _make_world(self) -> dict[str, Any]:
        from . import world

        self._world = world.make_world()
        self._drain()
        return self._shown()

    def _hundred(self) -> dict[str, Any]:
        from . import world

        world.post_hundred(self._world)
        self._drain()
        return self._shown()

    def _history(self, count: int) -> None:
        from . import world

        world.write_history(self._world, count)

    def _fans(self, count: int) -> dict[str, Any]:
        from . import world

        world.bring_fans(self._world, count)
        self._drain()
        return self._shown()

    def _no_fans(self) -> None:
        from . import world

        world.dismiss_fans(self._world)
        self._drain()

    def _crowd(self, large: list[int], small: list[int]) -> dict[str, Any]:
        """The authors of `bench.popular`, with the numbers of `Sizes`."""
        from . import crowd
        from .popular import Sizes

        world = crowd.make_world(Sizes(*large), Sizes(*small), self._drain, _say)
        return world.as_json()

    def _administered(self, count: int) -> dict[str, Any]:
        """What `bench.administration` looks through: so many of everything."""
        from .staff import Staff

        self._staff = self._staff or Staff()
        found: dict[str, Any] = self._staff.grow(count, self._drain)
        return found

    def _ask_abroad(self, what: str, **about: Any) -> Any:
        """What concerns people of other servers: a question of `Abroad`."""
        from .abroad import Abroad

        self._abroad = self._abroad or Abroad(self._drain)
        return self._abroad.answers[what](**about)

    def _ask_leaving(self, what: str, **about: Any) -> Any:
        """What concerns those who leave: a question of `Leaving`."""
        from .departures import Leaving

        self._leaving = self._leaving or Leaving(self._drain)
        return self._leaving.answers[what](**about)

    def _largest(self) -> dict[str, Any]:
        import boto3

        from chalicelib.settings import settings
        from infra import resources

        from . import crowd

        return crowd.largest(boto3.client("dynamodb"), resources.table_names(settings.table_prefix))

    def _written_by_table(self) -> dict[str, float]:
        """Write units by table since the last question, whatever in the application wrote."""
        from chalicelib.settings import settings
        from chalicelib.store.dynamo import connection, ledgers

        def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
            found = parsed.get("ConsumedCapacity")
            for each in found if isinstance(found, list) else [found] if found else []:
                if model.name not in ledgers.READS and self._written is not None:
                    self._written[each["TableName"].removeprefix(settings.table_prefix)] += each["CapacityUnits"]

        if self._written is None:
            connection.shared().client.meta.events.register("after-call.dynamodb.*", note)
        before, self._written = self._written or Counter(), Counter()
        return dict(before)

    def _lend(self) -> dict[str, str]:
        """The environment for another process that uses this stage: with queue and bucket behind an address."""
        from moto.server import ThreadedMotoServer

        from infra.local import sqs_clients

        sqs_clients.answer_servers()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        ThreadedMotoServer("127.0.0.1", port, verbose=False).start()
        known = {name: value for name, value in os.environ.items() if name.startswith(("KENOMA_", "AWS_"))}
        return known | {f"AWS_ENDPOINT_URL_{each}": f"http://127.0.0.1:{port}" for each in ("SQS", "S3")}

    def _shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = self._world.as_json()
        return shown

    def _drain(self) -> dict[str, Any]:
        """Run all that is queued. Answers how many messages, their cost at DynamoDB, and CPU, also of the queue."""
        from infra.local.pump import drain

        before, started = self._cpu(), time.perf_counter()
        with self._spent.counting() as spent:
            done = drain(_app(), most=100_000)
        return {"handled": done.handled, "failed": done.failed, "cpu": self._cpu() - before,
                "seconds": time.perf_counter() - started, **spent}

    # Where the CPU goes.

    def _profile(self, requests: list[str], lines: int) -> str:
        """cProfile's tables over the given raw requests, answered by the server's own code in this thread."""
        from infra.local.server import Server

        server = Server(_app(), socket.socket())
        theirs, ours = _pair()
        asking = threading.Thread(target=_ask_all, args=(theirs, [raw.encode("latin-1") for raw in requests]))
        profile = cProfile.Profile(time.thread_time)
        asking.start()
        profile.runcall(server._serve, ours, "127.0.0.1")  # noqa: SLF001  (what the server does in a thread of its own)
        asking.join()
        text = io.StringIO()
        stats = pstats.Stats(profile, stream=text).strip_dirs()
        stats.sort_stats("tottime").print_stats(lines)
        stats.sort_stats("cumtime").print_stats(lines)
        return text.getvalue()


class _Spent:
    """What the application spends at DynamoDB, in any of its parts."""

    def __init__(self) -> None:
        self._figures: dict[str, float] | None = None
        self._watching = False

    @contextlib.contextmanager
    def counting(self) -> Iterator[dict[str, float]]:
        from chalicelib.store.dynamo import connection

        if not self._watching:
            connection.shared().client.meta.events.register("after-call.dynamodb.*", self._note)
            self._watching = True
        self._figures = {"calls": 0, "rru": 0.0, "wru": 0.0}
        try:
            yield self._figures
        finally:
            self._figures = None

    def _note(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        from chalicelib.store.dynamo import ledgers

        figures = self._figures
        if figures is not None:
            figures["calls"] += 1
            figures["rru" if model.name in ledgers.READS else "wru"] += ledgers.units(parsed.get("ConsumedCapacity"))


def _say(text: str) -> None:
    print(f"{'':9}{text}", file=sys.stderr, flush=True)


def _timed(times: int, work: Callable[[], Any]) -> dict[str, Any]:
    walls = []
    before = time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        work()
        walls.append(time.perf_counter() - started)
    return {"cpu": (time.process_time() - before) / times, "walls": walls}


def _app() -> Any:
    return importlib.import_module("app").app


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a TCP connection, because the server expects one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        return theirs, listener.accept()[0]


def _ask_all(sock: socket.socket, requests: list[bytes]) -> None:
    from .client import Connection

    connection = Connection(sock)
    for raw in requests:
        connection.ask(raw)
    connection.close()


def main() -> None:
    line = Line(socket.socket(fileno=int(sys.argv[1])))
    threading.Thread(target=line.serve, name="bench", daemon=True).start()
    run.main(outlives_kills=False)  # a deployed function waits for no such thing, and nobody reads this data later


if __name__ == "__main__":
    main()
