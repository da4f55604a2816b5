"""`make bench-streaming`: a thousand sockets at the local stage, and one post to all of them.

    python -m bench.sockets                    1,000 sockets, and 20 posts to them
    python -m bench.sockets --sockets 100

First everybody follows one author and listens at home: each socket is somebody else's. Then nobody is signed in, and
all listen to what is public. Time is from before the post until a socket has it.

At last the function that sends runs by itself, in a process of its own, as Lambda runs it: for one post, and for ten
that come in one batch. It must not need more than 256 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from . import report
from .arriving import Serving
from .client import Connection, demand, raw_request
from .measuring import CHECKOUT, Server
from .peer import sink

AT_ONCE = 24
"""So many sockets are opened at the same time."""
GIVE_UP = 60.0
MOST_MB = 256
BATCH = 10
TEXT = "Number {} of the harbour's news: the lamp is back, and the gulls are up before anybody else."


class Crowd:
    """Open sockets of this process. They are read by one thread."""

    def __init__(self, port: int, queries: Sequence[str]) -> None:
        self._address = f"ws://127.0.0.1:{port}/api/v1/streaming"
        self._queries = queries
        self._loop = asyncio.new_event_loop()
        self._sockets: list[ClientConnection] = []
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def open(self) -> None:
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def hear(self, status_id: str) -> list[float]:
        """When each socket had the status, by the clock of `time.perf_counter`."""
        return asyncio.run_coroutine_threadsafe(self._hear(status_id), self._loop).result(GIVE_UP)

    async def _open(self) -> None:
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(query: str) -> ClientConnection:
            async with turn:
                return await connect(self._address + query, compression=None, ping_interval=None, open_timeout=30)

        self._sockets = await asyncio.gather(*(one(query) for query in self._queries))

    async def _close(self) -> None:
        await asyncio.gather(*(each.close() for each in self._sockets))

    async def _hear(self, status_id: str) -> list[float]:
        return await asyncio.gather(*(_moment(each, status_id) for each in self._sockets))


async def _moment(socket: ClientConnection, status_id: str) -> float:
    while True:
        text = await socket.recv()
        at = time.perf_counter()
        message = json.loads(text)
        if message["event"] == "update" and json.loads(message["payload"])["id"] == status_id:
            return at


def main() -> None:
    options = _options()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with Serving(jobs=True) as (server, world):
        author = world["authors"][0]
        fans = server.ask("fans", count=options.sockets)["fans"]
        _follow(server, author, fans)
        settled = server.memory_mb()
        home = [f"?stream=user&access_token={fan['token']}" for fan in fans]
        rows = [*_measure(server, author, "at home", home, options.posts),
                *_measure(server, author, "public", ["?stream=public"] * options.sockets, options.posts)]
        rows.append(["memory before the first socket", f"{settled:.0f} MB", "with the engine"])
    rows += _alone(options.sockets)
    print("\n".join(report.lines(["", "", ""], rows)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=1_000)
    parser.add_argument("--posts", type=int, default=20)
    return parser.parse_args()


def _alone(count: int) -> Iterator[list[str]]:
    """What the function needs that sends to so many sockets at home, without what else the stage has in its process."""
    with Serving(jobs=False) as (server, world), sink() as gateway:
        author = world["authors"][0]
        fans = server.ask("fans", count=count)["fans"]
        _follow(server, author, fans)
        server.ask("drain")
        crowd = Crowd(server.port, [f"?stream=user&access_token={fan['token']}" for fan in fans])
        crowd.open()
        environ = server.ask("lend") | {"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": gateway.base}
        connection = Connection.to(server.port)
        for posts in (1, BATCH):
            for number in range(posts):
                _posted(connection, author, number)
            gateway.taken.clear()
            before, after = _worked(environ)
            yield [f"the function, {posts} at once", f"{after['peak_mb']:.0f} MB at most",
                   f"{before['peak_mb']:.0f} MB before; {after['cpu'] - before['cpu']:.2f} s CPU, "
                   f"{after['seconds'] - before['seconds']:.2f} s"]
            sent = sum(gateway.taken.values())
            if sent != posts * count or after["peak_mb"] > MOST_MB:
                raise SystemExit(f"It has sent {sent} of {posts * count}, with {after['peak_mb']} MB.")
        connection.close()
        crowd.close()


def _worked(environ: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a worker used that empties the queue: when it began, and when it ended."""
    ran = subprocess.run([sys.executable, "-m", "bench.worker", "streams"], cwd=CHECKOUT, env=environ, check=True,
                         stdout=subprocess.PIPE, text=True)
    said = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith('{"handled"')]
    return said[0], said[-1]


def _posted(connection: Connection, author: dict[str, Any], number: int) -> str:
    body = {"status": TEXT.format(number), "visibility": "public"}
    made = demand(connection.ask(raw_request("POST", "/api/v1/statuses", token=author["token"], json_body=body)))
    return str(json.loads(made.body)["id"])


def _follow(server: Server, author: dict[str, Any], fans: list[dict[str, Any]]) -> None:
    connection = Connection.to(server.port)
    for fan in fans:
        demand(connection.ask(raw_request("POST", f"/api/v1/accounts/{author['id']}/follow", token=fan["token"])))
    connection.close()


def _measure(server: Server, author: dict[str, Any], where: str, queries: Sequence[str], posts: int,
             ) -> Iterator[list[str]]:
    before, memory, began = server.spent(), server.memory_mb(), time.perf_counter()
    crowd = Crowd(server.port, queries)
    crowd.open()
    took = time.perf_counter() - began
    yield [f"{len(queries):,} sockets {where}", f"open in {took:.1f} s",
           f"{_each(server, before, len(queries))}; {server.memory_mb() - memory:.0f} MB more"]
    connection = Connection.to(server.port)
    lasts: list[float] = []
    middles: list[float] = []
    before = server.spent()
    for number in range(posts):
        posted = time.perf_counter()
        moments = crowd.hear(_posted(connection, author, number))
        middles.append(statistics.median(moments) - posted)
        lasts.append(max(moments) - posted)
    yield [f"a post to all {where}", f"{statistics.median(lasts):.2f} s to the last",
           f"{statistics.median(middles):.2f} s to the middle; {max(lasts):.2f} s at worst"]
    yield [f"CPU of a post to all {where}", _each(server, before, posts), ""]
    connection.close()
    crowd.close()


def _each(server: Server, before: tuple[float, float], count: int) -> str:
    python, engine = (1000 * (after - then) / count for after, then in zip(server.spent(), before, strict=True))
    return f"{python:.1f} ms CPU each, {engine:.1f} ms of the engine"


if __name__ == "__main__":
    main()
