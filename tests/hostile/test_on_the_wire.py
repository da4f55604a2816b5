"""Bytes on a socket that reach the server before they are a request."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from tests.running.stage import Someone, Stage

STATUSES = "/api/v1/statuses"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    running = Stage(tmp_path_factory.mktemp("stage") / "data").answering()
    yield running
    running.stop()
    assert "Traceback" not in running.errors


@pytest.fixture(scope="module")
def alice(stage: Stage) -> Someone:
    return stage.signs_in("alice")


class Wire:
    """A socket to the server; answers status, headers in lower case, and body."""

    def __init__(self, stage: Stage, alice: Someone) -> None:
        self.port = int(stage.url.rpartition(":")[2])
        self.token = alice.http.headers["Authorization"]

    def ask(self, method: str, path: bytes | str, body: bytes = b"", kind: str = "", **headers: str) -> Answer:
        raw = path if isinstance(path, bytes) else path.encode()
        lines = {"Host": "x", "Connection": "close", "Authorization": str(self.token)}
        lines |= {"Content-Type": kind} if kind else {}
        lines |= {"Content-Length": str(len(body))} if body else {}
        lines |= headers
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return self.send(method.encode() + b" " + raw + b" HTTP/1.1\r\n" + head.encode() + b"\r\n" + body)

    def send(self, data: bytes) -> Answer:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            received = b""
            while piece := sock.recv(262_144):
                received += piece
        return Answer(received)


class Answer:
    def __init__(self, received: bytes) -> None:
        head, _, self.body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def error(self) -> str:
        """The text of an error in the API's own form."""
        assert self.headers["content-type"] == "application/json; charset=utf-8"
        assert self.headers["access-control-allow-origin"] == "*"
        assert self.headers["x-request-id"]
        body = json.loads(self.body)
        assert set(body) <= {"error", "errors"}
        return str(body["error"])


@pytest.fixture(scope="module")
def wire(stage: Stage, alice: Someone) -> Wire:
    return Wire(stage, alice)


@pytest.fixture(autouse=True)
def nothing_is_posted(alice: Someone) -> Iterator[None]:
    before = alice.account()
    yield
    assert alice.account() == before
    assert alice.get("/api/v1/timelines/home") == []


@pytest.mark.parametrize(("length", "kind"), [
    (10_500_000, "application/json"), (10_500_000, "application/x-www-form-urlencoded"),
    (17_100_000, "multipart/form-data; boundary=x"), (40_000_000, "application/json"),
])
def test_a_body_above_the_gateway_s_limit_is_413(wire, length, kind):
    answer = wire.ask("POST", STATUSES, b"x" * length, kind)

    assert (answer.status, answer.error) == (413, "Request body is too large")


def test_a_large_body_below_it_is_read(wire):
    answer = wire.ask("POST", STATUSES, b'{"status": "' + b"x" * 9_900_000 + b'"}', "application/json")

    assert (answer.status, answer.error) == (422, "The status is over the character limit")


def test_a_form_with_a_large_file_is_read(wire):
    body = (b'--x\r\nContent-Disposition: form-data; name="status"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
            + b"\x89PNG" * 3_000_000 + b"\r\n--x--\r\n")

    answer = wire.ask("POST", STATUSES, body, "multipart/form-data; boundary=x")

    assert (answer.status, answer.error) == (400, "status - Invalid string. Got: object.")


@pytest.mark.parametrize("data", [
    b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"get / http/1.1\r\n\r\n",
    b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\n",
    b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\n a folded line\r\n\r\n", b"\0" * 100 + b"\r\n\r\n",
])
def test_bytes_that_are_no_request_are_a_bad_request(wire, data):
    answer = wire.send(data)

    assert (answer.status, answer.error) == (400, "Bad request")


def test_a_very_long_address_is_431(wire):
    answer = wire.ask("GET", "/api/v1/statuses/" + "a" * 300_000)

    assert answer.status == 431
    assert answer.error


@pytest.mark.parametrize("path", [
    b"/api/v1/statuses/%2F..%2F..%2Faccounts", b"/api/v1/statuses/%00", b"/api/v1/statuses/\xff\xfe",
    b"/api/v1/statuses/%ff", b"/api/v1/statuses/" + b"a" * 50_000, "/api/v1/statuses/😀".encode(),
    b"/api/v1/statuses/<script>", b"/api/v1/statuses/0?access_token",
])
def test_paths_that_try_something_find_nothing(wire, path):
    answer = wire.ask("GET", path)

    assert (answer.status, answer.error) == (404, "Record not found")


@pytest.mark.parametrize("path", [b"/api/v1/statuses/../accounts/verify_credentials", b"/api/v1//statuses", b"/nothing",
                                  b"*", b"/api/v1/statuses/a/b/c", b"/api/v1/statuses/a?access_token",
                                  b"/emoji/../../secret_key", b"/media/%2e%2e/%2e%2e/secret_key", b"/emoji/%00",
                                  b"/media/"])
def test_paths_of_nothing_are_not_implemented(wire, path):
    answer = wire.ask("GET", path)

    assert (answer.status, answer.error) == (404, "Not implemented")


@pytest.mark.parametrize("method", ["PATCH", "PUT", "TRACE", "CONNECT", "PROPFIND"])
def test_methods_that_a_path_lacks_are_not_implemented(wire, method):
    answer = wire.ask(method, STATUSES)

    assert (answer.status, answer.error) == (404, "Not implemented")


def test_a_body_that_never_comes_is_no_request(wire):
    answer = wire.ask("POST", STATUSES, b"", **{"Content-Length": "100"})

    assert (answer.status, answer.error) == (400, "Bad request")


def test_an_unfinished_status_is_not_posted(wire):
    whole = b'{"status": "never finished"}'
    answer = wire.ask("POST", STATUSES, whole[:-5], "application/json", **{"Content-Length": str(len(whole))})

    assert answer.status == 400
