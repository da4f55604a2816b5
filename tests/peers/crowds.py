"""Many servers at once, each with many people: good ones, slow ones, dead ones, and those that talk nonsense."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from tests.peers import scripted
from tests.peers.scripted import Asked, Peer, Reply
from tests.peers.spelling import MASTODON

NAME, HOST = "name-of-somebody", "host.of.somebody"


@lru_cache(maxsize=1)
def _written() -> str:
    return json.dumps(Peer(HOST, MASTODON).actor(NAME))


@dataclass
class Watched:
    """A server, and how many requests for people it was asked at most at the same moment."""

    peer: Peer
    seconds: float = 0.0
    talks_nonsense: bool = False
    waits_first: threading.Barrier | None = None
    """Before the first answer it waits for others to be asked."""
    under_way: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self) -> None:
        """Take as long for each reply as it takes, and count."""
        answer = self.peer.answer

        def slowly(request: Asked) -> Reply:
            counts = request.method == "GET" and "nodeinfo" not in request.target
            with self.lock:
                self.under_way += counts
                self.most = max(self.most, self.under_way)
            first, self.waits_first = self.waits_first, None
            if first is not None:
                first.wait()
            time.sleep(self.seconds)
            reply = answer(request)
            with self.lock:
                self.under_way -= counts
            if self.talks_nonsense and request.method == "GET":
                return Reply(200, b"<html><p>Buy this domain", {"Content-Type": "text/html"})
            return reply

        self.peer.answer = slowly  # type: ignore[method-assign]

    def people(self, count: int) -> list[str]:
        """So many people. All have one key, since none of them signs anything and keys take long to make."""
        for number in range(count):
            text = _written().replace(HOST, self.peer.host).replace(NAME, f"someone{number}")
            document = self.peer.serve(json.loads(text))
            self.peer.named[f"acct:someone{number}@{self.peer.host}"] = document["id"]
        return [f"someone{number}@{self.peer.host}" for number in range(count)]

    @property
    def followed(self) -> list[str]:
        """Who was asked to be followed, by each activity that came."""
        return [urlsplit(each["object"]).path for each in (request.json for request in self.peer.received)
                if each["type"] == "Follow"]


@contextmanager
def serving(seconds: Sequence[float], nonsense: int = 0) -> Iterator[list[Watched]]:
    """A server for each of these times that it takes to answer. The last of them talk `nonsense`."""
    with ExitStack() as open_ones:
        servers = [Watched(open_ones.enter_context(scripted.serving()), each) for each in seconds]
        for place, each in enumerate(servers):
            each.talks_nonsense = place >= len(servers) - nonsense
            each.watch()
        yield servers


def dead_hosts(count: int) -> list[str]:
    """Addresses where nobody listens."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    hosts = [f"127.0.0.1:{each.getsockname()[1]}" for each in held]
    for each in held:
        each.close()
    return hosts
