"""The bench's client, against a server that answers in awkward pieces."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator

import pytest

from bench.client import Connection, Unexpected, at_once, raw_request

ANSWER = (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Kenoma-DynamoDB: calls=4 rounds=2 rru=8.5 wru=0\r\n"
          b"Content-Length: 5\r\n\r\nhello")
REFUSAL = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers requests without a body: what is asked of /no is refused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]


def accept(listener: socket.socket) -> None:
    while True:
        try:
            sock = listener.accept()[0]
        except OSError:
            return
        threading.Thread(target=answer, args=(sock,), daemon=True).start()


def answer(sock: socket.socket) -> None:
    with sock:
        while request := sock.recv(65536):
            reply = REFUSAL if request.startswith(b"GET /no ") else ANSWER
            for start in range(0, len(reply), 40):
                sock.sendall(reply[start:start + 40])


def test_an_answer_is_read_whole_on_a_kept_connection(port: int) -> None:
    connection = Connection.to(port)

    answers = [connection.ask(raw_request("GET", "/")) for _ in range(3)]

    assert [each.body for each in answers] == [b"hello"] * 3
    assert answers[0].figures == {"calls": 4, "rounds": 2, "rru": 8.5, "wru": 0}


def test_the_rate_counts_what_was_answered(port: int) -> None:
    rate = at_once(port, 4, itertools.repeat(raw_request("GET", "/"), 50), seconds=20)

    assert rate.requests == 50


def test_an_answer_that_is_no_success_ends_the_measurement(port: int) -> None:
    with pytest.raises(Unexpected, match="404"):
        at_once(port, 2, itertools.repeat(raw_request("GET", "/no")), seconds=20)
