"""The asking side: kept connections that need little CPU, so that the server has the machine to itself."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes
    seconds: float

    @property
    def figures(self) -> dict[str, float]:
        """The numbers in X-Kenoma-DynamoDB."""
        for line in self.head.split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "x-kenoma-dynamodb":
                return {part.partition("=")[0]: float(part.partition("=")[2]) for part in value.split()}
        return {}


def raw_request(method: str, path: str, *, token: str | None = None, json_body: Any = None,
                form: dict[str, str] | None = None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    body = b""
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if json_body is not None:
        body = json.dumps(json_body).encode()
        lines.append("Content-Type: application/json")
    if form is not None:
        body = urlencode(form).encode()
        lines.append("Content-Type: application/x-www-form-urlencoded")
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One kept connection, one request at a time."""

    def __init__(self, sock: socket.socket) -> None:
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(60)
        self._sock = sock

    @classmethod
    def to(cls, port: int) -> Connection:
        return cls(socket.create_connection(("127.0.0.1", port), timeout=60))

    def ask(self, raw: bytes) -> Answer:
        """Send a request and read the whole answer. The time is from the first byte out to the last byte in."""
        started = time.perf_counter()
        self._sock.sendall(raw)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end].decode("latin-1")
        place = head.find("\r\nContent-Length: ")
        length = int(head[place + 18:].partition("\r\n")[0]) if place >= 0 else 0
        while len(received) < end + 4 + length:
            received += self._more()
        seconds = time.perf_counter() - started
        return Answer(int(head[9:12]), head, received[end + 4:], seconds)

    def close(self) -> None:
        self._sock.close()

    def _more(self) -> bytes:
        piece = self._sock.recv(262144)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece


class Unexpected(Exception):
    """An answer that must not be measured."""


def demand(answer: Answer, status: int = 200) -> Answer:
    if answer.status != status:
        raise Unexpected(f"{answer.status}: {answer.body[:300].decode(errors='replace')}")
    return answer


@dataclass(frozen=True)
class Rate:
    requests: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def at_once(port: int, connections: int, requests: Iterator[bytes], seconds: float) -> Rate:
    """Keep so many connections busy for a while, or until there are no more requests."""
    taking, done, faults = threading.Lock(), [0] * connections, list[Exception]()
    ready = threading.Barrier(connections + 1)
    ends: list[float] = []

    def work(number: int) -> None:
        connection = Connection.to(port)
        try:
            ready.wait()
            while not faults and time.perf_counter() < give_up[0]:
                with taking:
                    raw = next(requests, None)
                if raw is None:
                    break
                demand(connection.ask(raw))
                done[number] += 1
        except Exception as fault:  # noqa: BLE001  (raised again by the thread that waits for this one)
            faults.append(fault)
        finally:
            ends.append(time.perf_counter())
            connection.close()

    give_up = [float("inf")]
    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    started = time.perf_counter()
    give_up[0] = started + seconds
    ready.wait()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Rate(sum(done), max(ends) - started)
