"""Calls at the same time: all under way before the first is answered, and one round whatever happens."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from chalicelib.aws import clients
from chalicelib.queues import queue
from chalicelib.store import files
from chalicelib.store.dynamo import connection
from chalicelib.store.dynamo.parallel import MOST_AT_ONCE, together
from tests.other_server import serving

shared: contextvars.ContextVar[str] = contextvars.ContextVar("shared", default="outside")


def meeting(count: int) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer that is given when as many ask for it at the same time."""
    ready = threading.Barrier(count)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ready.wait(20)
        body = b'{"QueueUrl": "x"}'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def asking(monkeypatch):
    """One call to a service at an address."""
    def at(url: str) -> Callable[[], str]:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", url)
        client = clients.client("sqs", retries={"total_max_attempts": 1})
        return lambda: str(client.get_queue_url(QueueName="x")["QueueUrl"])

    return at


def test_requests_are_all_under_way_before_the_first_is_answered(asking):
    with serving({"/": meeting(5)}) as server:
        assert together(*[asking(server.url)] * 5) == ["x"] * 5


def test_that_is_so_within_calls_too(asking):
    def two() -> list[str]:
        return together(ask, ask)

    with serving({"/": meeting(4)}) as server:
        ask = asking(server.url)
        assert together(two, two) == [["x", "x"]] * 2


def test_no_more_than_sixteen_are_under_way():
    counting, under_way, most = threading.Lock(), [0], [0]

    def call() -> None:
        with counting:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.01)
        with counting:
            under_way[0] -= 1

    together(*[call] * 50)

    assert (most[0], under_way[0]) == (MOST_AT_ONCE, 0)


@pytest.mark.parametrize("client", [lambda: connection.shared().client, queue._client, files._client])
def test_each_of_them_has_a_connection(client):
    assert client().meta.config.max_pool_connections >= MOST_AT_ONCE


def test_rounds_within_rounds_end_when_all_threads_have_a_round_of_their_own():
    def nested(depth: int) -> int:
        time.sleep(0.001)
        return 1 if depth == 0 else sum(together(*[lambda: nested(depth - 1)] * 6))

    assert nested(3) == 216


def test_all_come_to_an_end_before_the_first_error_is_raised():
    ended = []

    def works() -> None:
        time.sleep(0.05)
        ended.append("worked")

    def fails(text: str) -> None:
        ended.append(text)
        raise RuntimeError(text)

    with pytest.raises(RuntimeError, match="one"):
        together(lambda: fails("one"), works, lambda: fails("other"), works)

    assert sorted(ended) == ["one", "other", "worked", "worked"]


def test_the_first_error_in_the_order_of_calls_is_raised_whichever_came_first():
    def fails(seconds: float, text: str) -> None:
        time.sleep(seconds)
        raise RuntimeError(text)

    with pytest.raises(RuntimeError, match="late"):
        together(lambda: 1, lambda: fails(0.05, "late"), lambda: fails(0, "early"))


def test_what_ends_a_process_is_raised_as_it_is():
    class Ends(BaseException):
        pass

    def ends() -> None:
        raise Ends

    for calls in ((ends, lambda: 1), (lambda: 1, ends)):
        with pytest.raises(Ends):
            together(*calls)


def test_each_has_a_context_of_its_own():
    token = shared.set("here")

    def call(text: str) -> tuple[str, str]:
        before = shared.get()
        shared.set(text)
        time.sleep(0.01)
        return before, shared.get()

    assert together(*[lambda text=text: call(text) for text in "abc"]) == [("here", text) for text in "abc"]
    assert shared.get() == "here"
    shared.reset(token)


def test_nothing_at_once_is_nothing():
    assert together() == []
