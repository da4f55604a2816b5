"""Somebody who listens by a socket to what happens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.running.stage import Someone, Stage

WITHIN = 10.0
"""Seconds within which what happens has to be heard, on a machine that does much else."""
RESPONSE = "pleroma:respond"


class Listener:
    """A socket, and what came by it. Every message has the shape that clients rely on."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []

    def says(self, type: str, **what: Any) -> dict[str, Any]:
        """What the server answers."""
        self.socket.send(json.dumps({"type": type, **what}))
        answer: dict[str, Any] = self.hears(RESPONSE)
        assert answer.pop("type") == type
        return answer

    def hears(self, event: str, stream: list[str] | None = None, *, within: float = WITHIN) -> Any:
        """The payload of the next such message. Others stay in `heard`."""
        give_up = time.monotonic() + within
        while True:
            for place, message in enumerate(self.heard):
                if message["event"] == event and stream in (None, message["stream"]):
                    return _payload(self.heard.pop(place))
            try:
                self._read(max(give_up - time.monotonic(), 0.001))
            except TimeoutError:
                raise AssertionError(f"no {event} within {within} s, but {[m['event'] for m in self.heard]}") from None

    def hears_no_more(self, seconds: float = 0.5) -> None:
        give_up = time.monotonic() + seconds
        while (left := give_up - time.monotonic()) > 0:
            try:
                self._read(left)
            except TimeoutError:
                break
        assert self.heard == []

    def is_closed(self, within: float) -> int:
        """The code that it is closed with."""
        give_up = time.monotonic() + within
        try:
            while True:
                self._read(max(give_up - time.monotonic(), 0.001))
        except ConnectionClosed:
            assert self.socket.close_code is not None
            return self.socket.close_code

    def _read(self, timeout: float) -> None:
        message = json.loads(self.socket.recv(timeout=timeout))
        assert isinstance(message["stream"], list)
        self.heard.append(message)


def _payload(message: dict[str, Any]) -> Any:
    if "payload" not in message:
        return None
    assert isinstance(message["payload"], str)
    return message["payload"] if message["event"] == "delete" else json.loads(message["payload"])


def token_of(somebody: Someone) -> str:
    return str(somebody.http.headers["Authorization"]).removeprefix("Bearer ")


@contextmanager
def listening(stage: Stage, somebody: Someone | None = None, *streams: str, **how: Any) -> Iterator[Listener]:
    """Open a socket in the name of somebody. `how` is what websockets needs beside the address."""
    query = f"?access_token={token_of(somebody)}" if somebody else ""
    with connect(stage.url.replace("http", "ws", 1) + "/api/v1/streaming" + query, **how) as socket:
        listener = Listener(socket)
        for stream in streams:
            assert listener.says("subscribe", stream=stream) == {"result": "success"}
        yield listener
