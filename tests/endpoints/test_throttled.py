"""When DynamoDB says wait, a request says so too, and leaves nothing half done.

Each call of a request is refused in turn, in each of the ways that DynamoDB has. Afterwards the tables are as before,
or the change is whole once the jobs have run that it left.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.domain.instance import about
from chalicelib.jobs.sweep import sweep
from chalicelib.store.dynamo import failures
from chalicelib.store.dynamo.connection import shared
from chalicelib.store.emoji import rows
from chalicelib.web import edge
from tests import leftovers, policing
from tests.cast import Person, Reply
from tests.faults import saying_wait
from tests.jobs.worker import Clock
from tests.running.recount import Recount

Act = Callable[[], Reply]
WAYS = ("ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "ThrottlingError")
TOO_BUSY = {"error": "Too busy, try again"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.now)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return clock


@pytest.fixture(params=["home", "post", "react", "follow"])
def act(request: pytest.FixtureRequest, alice: Person, bob: Person, carol: Person, drain: Any) -> Act:
    carol.follows(alice)
    alice.follows(carol)
    carol.posts("for the home timeline of Alice #tag")
    status = bob.posts("react to this")
    drain()
    acts: dict[str, Act] = {
        "home": lambda: alice.get("/api/v1/timelines/home"),
        "post": lambda: alice.post("/api/v1/statuses", json={
            "status": "@bob, this is a reply #tag", "in_reply_to_id": status["id"]}),
        "react": lambda: alice.reacts(status["id"], "😀"),
        "follow": lambda: alice.post(f"/api/v1/accounts/{bob.id}/follow"),
    }
    return acts[request.param]


def anew() -> None:
    """What a process keeps in memory is forgotten, as if another one took the request."""
    rows.forget()
    about.forget()


@pytest.fixture
def settled(drain: Callable[[], object], clock: Clock) -> Callable[[], list[str]]:
    """Let all jobs run that are left, also those whose messages were lost. Answers what does not agree then."""
    def settle() -> list[str]:
        drain()
        clock.pass_by(3600)
        sweep()
        drain()
        with policing.outside():
            faults: list[str] = Recount().report()["faults"]
        return faults

    return settle


@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_dynamodb_lets_wait_does_all_or_nothing(aws, act, way, settled):
    before = leftovers.contents(aws)
    anew()
    with saying_wait(0) as calls:
        assert act().status == 200
    assert settled() == []

    for number in range(1, len(calls) + 1):
        leftovers.restore(aws, before)
        anew()
        with saying_wait(number, way) as seen:
            reply = act()
        where = f"call {number}, {seen[number - 1]}, of {calls}"

        assert (reply.status, reply.json, reply.headers.get("retry-after")) == (503, TOO_BUSY, "1"), where
        assert leftovers.contents(aws) == before or settled() == [], where
        assert act().status == 200, where
        assert settled() == [], where


PER_PAUSE = 3.0
"""Seconds that each pause of these tests takes; the client's own are shorter on average."""


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made, in seconds. Time passes by them alone."""
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(PER_PAUSE)

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: sum(pauses))
    return pauses


@pytest.fixture
def slow() -> Iterator[Counter[str]]:
    """DynamoDB says wait three times to each call before it answers. Counts all that is sent to it."""
    client, sent = shared().client, Counter[str]()
    body = b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "wait"}'

    def answer(request: Any, **_: Any) -> Any:
        sent["all"] += 1
        if sent["all"] % 4 == 0:
            return None
        headers = HTTPHeaders()
        headers["Content-Type"] = "application/x-amz-json-1.0"
        return AWSResponse(request.url, 400, headers, SimpleNamespace(stream=lambda **_: iter([body])))

    client.meta.events.register_first("before-send.dynamodb", answer)
    yield sent
    client.meta.events.unregister("before-send.dynamodb", answer)


def test_a_call_is_tried_four_times(alice, times, slow):
    assert failures.is_late() is False
    assert alice.account.nickname == "alice"

    assert (slow["all"], len(times)) == (4, 3)


def test_a_request_whose_calls_all_take_long_ends_in_time(alice, times, slow):
    reply = alice.post("/api/v1/statuses", json={"status": "hello"})

    assert (reply.status, reply.json, reply.headers.get("retry-after")) == (503, TOO_BUSY, "1")
    assert edge.PATIENCE <= sum(times) <= edge.PATIENCE + PER_PAUSE
