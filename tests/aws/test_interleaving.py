"""Calls at the same time: in one thread, all under way before the first is answered."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest
from botocore.exceptions import ConnectionClosedError

from chalicelib.aws import clients, interleaving
from chalicelib.aws.interleaving import MOST_AT_ONCE, give_way, interleave, wait
from tests.other_server import serving

Meeting = Callable[[BaseHTTPRequestHandler], None]
shared: contextvars.ContextVar[str] = contextvars.ContextVar("shared", default="outside")


def meeting(count: int, seconds: float = 20) -> Meeting:
    """An answer that is given when as many ask for it at the same time."""
    ready = threading.Barrier(count)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ready.wait(seconds)
        body = b'{"QueueUrl": "x"}'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def asking(monkeypatch):
    """One call to a service at an address."""
    def at(url: str, *, gives_way: bool = True) -> Callable[[], str]:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", url)
        client = clients.client("sqs", retries={"total_max_attempts": 1})
        if gives_way:
            clients.let_give_way(client)
        return lambda: str(client.get_queue_url(QueueName="x")["QueueUrl"])

    return at


def strings(log: list[str], name: str, times: int = 2) -> Callable[[], str]:
    """A call that gives way `times` times."""
    def call() -> str:
        for number in range(times):
            log.append(f"{name}{number}")
            give_way()
        return name

    return call


def test_requests_are_all_under_way_before_the_first_is_answered(asking):
    with serving({"/": meeting(5)}) as server:
        assert interleave([asking(server.url)] * 5) == ["x"] * 5


def test_that_is_so_within_calls_too(asking):
    def two() -> list[str]:
        return interleave([ask] * 2)

    with serving({"/": meeting(4)}) as server:
        ask = asking(server.url)
        assert interleave([two, two]) == [["x", "x"]] * 2


def test_a_client_that_was_not_asked_to_answers_one_after_the_other(asking):
    with serving({"/": meeting(2, seconds=0.2)}) as server, pytest.raises(ConnectionClosedError):
        interleave([asking(server.url, gives_way=False)] * 2)


def test_who_gives_way_goes_on_when_the_others_have_had_their_turn():
    log: list[str] = []

    assert interleave([strings(log, "a"), strings(log, "b", 1), strings(log, "c")]) == ["a", "b", "c"]
    assert log == ["a0", "b0", "c0", "a1", "c1"]


def test_alone_nobody_gives_way():
    log: list[str] = []

    assert strings(log, "a")() == "a"
    assert log == ["a0", "a1"]


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.at, self.slept = 100.0, list[float]()

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.at += seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(interleaving, "time", made)
    return made


def test_while_one_waits_the_others_go_on(clock):
    log: list[str] = []

    def waits() -> str:
        wait(5)
        log.append("waited")
        return "w"

    assert interleave([waits, strings(log, "a", 4)]) == ["w", "a"]
    assert log == ["a0", "a1", "a2", "a3", "waited"]
    assert clock.slept == [5]


def test_all_wait_at_the_same_time(clock):
    interleave([partial(wait, seconds) for seconds in (3, 1, 2)])

    assert (clock.slept, clock.at) == ([1, 1, 1], 103)


def test_calls_within_a_call_wait_as_one(clock):
    log: list[str] = []

    interleave([lambda: interleave([lambda: wait(4), lambda: wait(2)]), strings(log, "a"), lambda: wait(3)])

    assert (log, clock.slept) == (["a0", "a1"], [2, 1, 1])


def test_alone_one_sleeps(clock):
    wait(2)

    assert clock.slept == [2]


def test_no_more_than_sixteen_are_under_way():
    under_way = [0]
    most = [0]

    def call() -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        give_way()
        under_way[0] -= 1

    interleave([call] * 50)

    assert (most[0], under_way[0]) == (MOST_AT_ONCE, 0)


def test_all_come_to_an_end_before_the_first_error_is_raised():
    log: list[str] = []

    def fails(text: str) -> None:
        give_way()
        raise RuntimeError(text)

    with pytest.raises(RuntimeError, match="one"):
        interleave([strings(log, "a", 3), lambda: fails("one"), lambda: fails("other")])

    assert log == ["a0", "a1", "a2"]


def test_each_has_a_context_of_its_own():
    def call(text: str) -> tuple[str, str]:
        before = shared.get()
        shared.set(text)
        give_way()
        return before, shared.get()

    assert interleave([lambda: call("a"), lambda: call("b")]) == [("outside", "a"), ("outside", "b")]
    assert shared.get() == "outside"


def test_nothing_at_once_is_nothing():
    assert interleave([]) == []
