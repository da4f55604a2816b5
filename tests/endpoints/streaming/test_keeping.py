"""Sockets that last, and how they end; and what streaming costs where nobody listens."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from app import app
from chalicelib.domain.streaming import listening
from chalicelib.jobs import streaming
from chalicelib.queues import queue
from chalicelib.queues.streaming import TellSockets
from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.streaming import connections
from infra.local import pump
from tests.cast import Cast, Person
from tests.endpoints.streaming.conftest import Drain, Listens
from tests.simulated_aws import LocalAws
from tests.sockets import Gateway


def later(patch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time
    patch.setattr(time, "time", lambda: now() + seconds)


def test_a_socket_that_got_nothing_gets_a_heartbeat_in_time(
        listens: Listens, drain: Drain, monkeypatch: pytest.MonkeyPatch, alice: Person) -> None:
    socket = listens(alice, "user")
    pump.run_schedule(app, "sweep")
    drain()
    assert socket.frames == []

    later(monkeypatch, 481)
    pump.run_schedule(app, "sweep")
    drain()
    pump.run_schedule(app, "sweep")
    drain()

    assert [json.loads(each) for each in socket.frames] == [{
        "stream": [], "event": "pleroma:respond", "payload": '{"type":"heartbeat","result":"ignored"}'}]


def test_sockets_may_end_between_a_hundred_and_a_hundred_and_eighteen_minutes_and_not_together(
        sockets: Gateway, drain: Drain, setting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    setting(ends_sockets=True)
    ends = [connections.lifetime(f"socket-{number}=") for number in range(200)]
    assert 6000 <= min(ends) < 6200
    assert 6900 < max(ends) <= 7080
    opened = [sockets.connect() for _ in range(4)]

    later(monkeypatch, 7081)
    pump.run_schedule(app, "sweep")
    drain()

    assert all(each.is_closed for each in opened)
    assert connections.list_all() == []


def test_the_end_of_sockets_is_left_to_the_gateway(
        sockets: Gateway, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    socket = sockets.connect()

    later(monkeypatch, 7081)
    pump.run_schedule(app, "sweep")
    drain()

    assert not socket.is_closed
    assert len(socket.frames) == 1


def test_a_socket_that_is_gone_is_forgotten(
        sockets: Gateway, listens: Listens, drain: Drain, monkeypatch: pytest.MonkeyPatch, alice: Person, bob: Person,
) -> None:
    gone, there = listens(alice, "public"), listens(alice, "public")
    sockets.hang_up(gone, tells=False)

    later(monkeypatch, 31)
    status = bob.posts("hello")
    drain()

    assert [payload["id"] for _, payload in there.events("update")] == [status["id"]]
    assert [each.id for each in connections.list_all()] == [there.id]


def test_a_socket_that_is_about_to_open_is_not_forgotten(
        sockets: Gateway, listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    """Its row is there before the gateway knows it."""
    socket = listens(alice, "public")
    del sockets.sockets[socket.id]
    bob.posts("too early")
    drain()
    sockets.sockets[socket.id] = socket

    status = bob.posts("in time")
    drain()

    assert [payload["id"] for _, payload in socket.events("update")] == [status["id"]]


def test_a_heartbeat_finds_those_that_are_gone(
        sockets: Gateway, listens: Listens, drain: Drain, monkeypatch: pytest.MonkeyPatch, alice: Person) -> None:
    sockets.hang_up(listens(alice, "user"), tells=False)

    later(monkeypatch, 481)
    pump.run_schedule(app, "sweep")
    drain()

    assert connections.list_all() == []


def test_a_client_that_is_too_slow_for_a_moment_gets_it_then(
        sockets: Gateway, listens: Listens, drain: Drain, alice: Person, bob: Person) -> None:
    socket = listens(alice, "public")
    sockets.refuses.add(socket.id)

    bob.posts("hello")
    drain()

    assert socket.names == ["update"]
    assert sockets.posts == 2


def test_what_is_older_than_a_minute_is_dropped(
        listens: Listens, drain: Drain, monkeypatch: pytest.MonkeyPatch, bob: Person) -> None:
    socket = listens(None, "public")
    bob.posts("hello")

    later(monkeypatch, 61)
    drain()

    assert socket.frames == []


def test_what_is_longer_than_the_gateway_takes_is_not_sent(
        sockets: Gateway, listens: Listens, drain: Drain, setting: Any, alice: Person) -> None:
    setting(limit=200_000)
    socket = listens(alice, "public")

    long = alice.posts("ä" * 40_000)
    short = alice.posts("hello")
    drain()

    assert long["id"] not in [payload["id"] for _, payload in socket.events("update")]
    assert short["id"] in [payload["id"] for _, payload in socket.events("update")]


# Many sockets of one account.


def test_of_more_than_ten_sockets_of_an_account_the_oldest_is_closed(
        sockets: Gateway, drain: Drain, monkeypatch: pytest.MonkeyPatch, alice: Person) -> None:
    opened = []
    for number in range(12):
        with monkeypatch.context() as patch:
            later(patch, number)
            opened.append(sockets.connect("stream=user", token=alice.token))
        drain()

    assert [each.is_closed for each in opened] == [True, True, *[False] * 10]


# What it costs.


def test_where_nobody_listens_a_post_makes_no_call_more(
        aws: LocalAws, drain: Drain, setting: Any, alice: Person) -> None:
    before = alice.post("/api/v1/statuses", {"status": "one"})
    setting(streaming=True)
    alice.post("/api/v1/statuses", {"status": "asks whether anybody is there"})

    after = alice.post("/api/v1/statuses", {"status": "two"})

    assert after.calls == before.calls
    assert aws.messages("streams") == []


def test_whether_anybody_listens_is_asked_twice_a_minute_with_one_call(
        setting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    setting(streaming=True)
    moment = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: moment)

    def asked() -> int:
        with counted() as ledger:
            assert not listening.is_anybody()
        return ledger.calls

    assert (asked(), asked()) == (1, 0)
    moment += 31
    assert asked() == 1


def test_another_process_learns_within_half_a_minute_that_somebody_listens(
        sockets: Gateway, aws: LocalAws, alice: Person) -> None:
    sockets.connect("stream=public")
    listening.forget()

    alice.posts("hello")

    assert len(aws.messages("streams")) == 1


def test_a_request_does_not_fail_with_the_queue_of_sockets(
        listens: Listens, aws: LocalAws, monkeypatch: pytest.MonkeyPatch, alice: Person) -> None:
    listens(alice, "user")
    send = queue._send_batch

    def refuses(name: str, *more: Any) -> None:
        if name == "streams":
            raise queue.NotSent("no room")
        send(name, *more)

    monkeypatch.setattr(queue, "_send_batch", refuses)

    assert alice.post("/api/v1/statuses", {"status": "hello"}).status == 200
    assert len(aws.messages("timelines")) == 1


def test_a_post_costs_the_same_calls_for_one_listener_and_for_twenty(
        sockets: Gateway, listens: Listens, cast: Cast, aws: LocalAws, drain: Drain, bob: Person) -> None:
    people = cast.people(20)
    for each in people:
        each.follows(bob)
    drain()
    status = bob.posts("hello")
    aws.wipe_queues()

    def calls(count: int) -> int:
        for each in people[len(connections.list_all()):count]:
            listens(each, "user")
        with counted() as ledger:
            streaming.stream([TellSockets("update", int(time.time()), bob.id, status["id"])])
        return ledger.calls

    few, many = calls(1), calls(20)

    assert many <= few + 1, "followers are read where they are fewer than sockets"
    assert many <= 12


def test_a_batch_reads_who_listens_once(listens: Listens, aws: LocalAws, alice: Person) -> None:
    socket = listens(None, "public")
    posted = [alice.posts(f"hello {number}")["id"] for number in range(5)]
    aws.wipe_queues()

    def calls(count: int) -> int:
        with counted() as ledger:
            streaming.stream([TellSockets("update", int(time.time()), alice.id, id) for id in posted[:count]])
        return ledger.calls

    one, five = calls(1), calls(5)

    assert five - one == 4 * (one - connections.SHARDS)
    assert len(socket.frames) == 6


def test_the_first_of_a_batch_has_arrived_whatever_becomes_of_the_next(
        listens: Listens, aws: LocalAws, alice: Person) -> None:
    socket, status = listens(None, "public"), alice.posts("hello")
    aws.wipe_queues()
    now = int(time.time())

    with pytest.raises(KeyError):
        streaming.stream([TellSockets("update", now, alice.id, status["id"]), TellSockets("of a later version", now)])

    assert socket.names == ["update"]


def test_health_is_well(anonymous: Person) -> None:
    reply = anonymous.get("/api/v1/streaming/health")

    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, "OK", "text/plain; charset=utf-8")


@pytest.mark.parametrize("path", ["", "/", "/user", "/public", "/hashtag", "/list", "/direct", "/user/notification"])
def test_without_a_socket_there_is_nothing(anonymous: Person, alice: Person, path: str) -> None:
    for person in (anonymous, alice):
        assert person.get(f"/api/v1/streaming{path}").status == 404


def test_streaming_is_announced_only_where_it_is_served(setting: Any, anonymous: Person) -> None:
    def announced() -> tuple[Any, Any, bool, bool]:
        older, newer = anonymous.get("/api/v1/instance").json, anonymous.get("/api/v2/instance").json
        nodeinfo = anonymous.get("/nodeinfo/2.0.json").json
        return (older["urls"].get("streaming_api"), newer["configuration"]["urls"].get("streaming"),
                "mastodon_api_streaming" in older["pleroma"]["metadata"]["features"],
                "mastodon_api_streaming" in nodeinfo["metadata"]["features"])

    assert announced() == (None, None, False, False)
    setting(streaming=True)
    assert announced() == ("ws://kenoma.test", "ws://kenoma.test", True, True)
