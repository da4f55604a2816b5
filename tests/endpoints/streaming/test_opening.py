"""Opening sockets: who may, by which token, and what is answered to what clients say."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from chalicelib.store.dynamo.ledgers import counted
from chalicelib.store.streaming import connections
from tests.cast import Cast, Person
from tests.faults import before_call
from tests.sockets import Gateway

ALL_PUBLIC = [f"public{place}{kind}" for place in ("", ":local", ":remote") for kind in ("", ":media")]
OWN = ["user", "user:notification", "user:notifications", "direct", "user:pleroma_chat"]


def test_a_token_may_be_in_the_query(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect("stream=user", token=alice.token)

    assert socket.status == 200
    assert socket.headers == {}, "nothing was offered"
    assert [each.account_id for each in connections.list_all()] == [alice.id]


def test_a_token_may_be_in_the_protocol_which_is_sent_back(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect("stream=user", headers={"Sec-WebSocket-Protocol": alice.token})

    assert socket.status == 200
    assert socket.headers == {"Sec-WebSocket-Protocol": alice.token}


def test_a_protocol_is_sent_back_although_the_query_has_the_token(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect("stream=user", token=alice.token, headers={"sec-websocket-protocol": alice.token})

    assert socket.headers == {"Sec-WebSocket-Protocol": alice.token}


def test_a_token_may_be_in_a_header(sockets: Gateway, alice: Person) -> None:
    assert sockets.connect("stream=user", headers={"authorization": f"Bearer {alice.token}"}).status == 200


def test_the_query_comes_before_the_protocol_and_that_before_the_header(
        sockets: Gateway, alice: Person, bob: Person, carol: Person) -> None:
    header = {"Authorization": f"Bearer {carol.token}"}

    sockets.connect(token=alice.token, headers={"Sec-WebSocket-Protocol": bob.token, **header})
    sockets.connect(headers={"Sec-WebSocket-Protocol": bob.token, **header})

    assert {each.account_id for each in connections.list_all()} == {alice.id, bob.id}


def test_the_session_cookie_opens_nothing(sockets: Gateway, alice: Person) -> None:
    from chalicelib.web import session

    cookie = {"Cookie": f"{session.NAME}={session.seal(alice.token)}"}

    assert sockets.connect("stream=user", headers=cookie).status == 401


def test_a_wrong_token_opens_nothing(sockets: Gateway) -> None:
    assert sockets.connect("stream=public", token="wrong").status == 401
    assert sockets.connect(token="x" * 10_000).status == 401
    assert connections.list_all() == []


@pytest.mark.parametrize("stream", OWN)
def test_a_stream_of_ones_own_needs_a_token(sockets: Gateway, alice: Person, stream: str) -> None:
    assert sockets.connect(f"stream={stream}").status == 401
    assert sockets.connect(f"stream={stream}", token=alice.token).status == 200


@pytest.mark.parametrize(("scopes", "allowed"), [
    ("read:statuses", {"user", "direct"}), ("read:notifications",
                                                                 {"user:notification", "user:notifications"}),
    ("read:chats", {"user:pleroma_chat"}), ("read", set(OWN)), ("write", set()),
])
def test_a_stream_of_ones_own_needs_its_scope(
        sockets: Gateway, cast: Cast, scopes: str, allowed: set[str]) -> None:
    person = cast.person("dave", scopes=scopes)

    assert {each for each in OWN if sockets.connect(f"stream={each}", token=person.token).status == 200} == allowed
    assert {sockets.connect(f"stream={each}", token=person.token).status for each in set(OWN) - allowed} <= {401}


@pytest.mark.parametrize("stream", [*ALL_PUBLIC, "hashtag&tag=cat", "hashtag:local&tag=Cat"])
def test_anybody_may_listen_to_what_is_public(sockets: Gateway, stream: str) -> None:
    assert sockets.connect(f"stream={stream}").status == 200


def test_nobody_listens_to_what_is_public_where_timelines_are_restricted(
        sockets: Gateway, setting: Any, alice: Person) -> None:
    setting(restrict_timelines=True)

    assert sockets.connect("stream=public").status == 401
    assert sockets.connect("stream=public", token=alice.token).status == 200


@pytest.mark.parametrize("asked", [
    "stream=nothing", "stream=hashtag", "stream=list", "stream=user:", "stream=public:x",
])
def test_there_is_no_other_stream(sockets: Gateway, alice: Person, asked: str) -> None:
    assert sockets.connect(asked, token=alice.token).status == 404


def test_a_list_has_to_be_ones_own(sockets: Gateway, alice: Person, bob: Person) -> None:
    list_id = alice.post("/api/v1/lists", {"title": "cats"}).json["id"]

    assert sockets.connect(f"stream=list&list={list_id}", token=alice.token).status == 200
    assert sockets.connect(f"stream=list&list={list_id}", token=bob.token).status == 404
    assert sockets.connect(f"stream=list&list={list_id}").status == 401


def test_without_a_stream_a_socket_waits(sockets: Gateway) -> None:
    assert sockets.connect().status == 200
    assert [each.streams for each in connections.list_all()] == [frozenset()]


def test_where_streaming_is_off_there_is_nothing(sockets: Gateway, setting: Any, alice: Person) -> None:
    setting(streaming=False)

    assert sockets.connect("stream=user", token=alice.token).status == 404


def test_an_address_opens_thirty_sockets_a_minute(sockets: Gateway, setting: Any) -> None:
    setting(rate_limits=True)

    assert [sockets.connect().status for _ in range(31)][-2:] == [200, 429]


def test_a_closed_socket_is_forgotten_however_often_it_is_told(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect("stream=user", token=alice.token)

    sockets.hang_up(socket)
    sockets.hang_up(socket)

    assert connections.list_all() == []


# What clients say.


def test_a_socket_listens_to_several_streams(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect(token=alice.token)

    assert sockets.say(socket, type="subscribe", stream="user") == [{"type": "subscribe", "result": "success"}]
    assert sockets.say(socket, type="subscribe", stream="hashtag", tag="Cat") == [
        {"type": "subscribe", "result": "success"}]
    assert sockets.say(socket, type="subscribe", stream="user") == [{"type": "subscribe", "result": "ignored"}]
    assert connections.list_all()[0].streams == {'["user"]', '["hashtag","Cat"]'}
    assert sockets.say(socket, type="unsubscribe", stream="user") == [{"type": "unsubscribe", "result": "success"}]
    assert sockets.say(socket, type="unsubscribe", stream="user") == [{"type": "unsubscribe", "result": "ignored"}]
    assert connections.list_all()[0].streams == {'["hashtag","Cat"]'}


def test_every_answer_has_streams_and_a_payload_that_is_a_text(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect(token=alice.token)

    sockets.say(socket, type="subscribe", stream="user")

    assert json.loads(socket.frames[0]) == {
        "stream": [], "event": "pleroma:respond", "payload": '{"type":"subscribe","result":"success"}'}


def test_nobody_listens_to_what_is_not_theirs(sockets: Gateway, alice: Person, bob: Person) -> None:
    list_id = bob.post("/api/v1/lists", {"title": "cats"}).json["id"]
    nobodys, alices = sockets.connect(), sockets.connect(token=alice.token)

    def error(text: str) -> list[dict[str, str]]:
        return [{"type": "subscribe", "result": "error", "error": text}]

    assert sockets.say(nobodys, type="subscribe", stream="user") == error("unauthorized")
    assert sockets.say(alices, type="subscribe", stream="list", list=list_id) == error("bad_topic")
    assert sockets.say(alices, type="subscribe", stream="nothing") == error("bad_topic")
    assert sockets.say(alices, type="subscribe") == error("bad_topic")


def test_a_token_may_follow_later_and_once(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect()

    def error(text: str) -> list[dict[str, str]]:
        return [{"type": "pleroma:authenticate", "result": "error", "error": text}]

    assert sockets.say(socket, type="pleroma:authenticate", token="wrong") == error("unauthorized")
    assert sockets.say(socket, type="pleroma:authenticate") == error("unauthorized")
    assert sockets.say(socket, type="pleroma:authenticate", token=alice.token) == [
        {"type": "pleroma:authenticate", "result": "success"}]
    assert sockets.say(socket, type="pleroma:authenticate", token=alice.token) == error("already_authenticated")
    assert sockets.say(socket, type="subscribe", stream="user") == [{"type": "subscribe", "result": "success"}]


@pytest.mark.parametrize("said", ["", "no JSON", "[]", "1", '{"type":1}', '{"type":"other"}', "[" * 20_000, "{}"])
def test_what_is_not_understood_is_ignored(sockets: Gateway, alice: Person, said: str) -> None:
    socket = sockets.connect("stream=user", token=alice.token)

    sockets.say(socket, said)

    assert socket.frames == []
    assert len(connections.list_all()) == 1


def test_a_socket_listens_to_twenty_streams_at_most(sockets: Gateway) -> None:
    socket = sockets.connect()

    said = [sockets.say(socket, type="subscribe", stream="hashtag", tag=f"tag{number}") for number in range(21)]

    assert said[19][0]["result"] == "success"
    assert said[20][0] == {"type": "subscribe", "result": "error", "error": "bad_topic"}


def test_a_socket_that_is_not_known_is_closed(sockets: Gateway) -> None:
    socket = sockets.connect("stream=public")
    connections.forget(socket.id)

    sockets.say(socket, type="subscribe", stream="public:local")

    assert socket.is_closed


def test_settings_of_administrators_count_for_sockets(
        sockets: Gateway, setting: Any, admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    setting(configurable_from_database=True)
    assert sockets.connect("stream=public").status == 200
    waiting = sockets.connect()

    admin.post("/api/v1/pleroma/admin/config", json={"configs": [
        {"group": ":pleroma", "key": ":instance", "value": [{"tuple": [":public", False]}]}]})

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 120)
    assert sockets.say(waiting, type="subscribe", stream="public")[0]["error"] == "unauthorized"
    assert sockets.connect("stream=public").status == 401


# Who is gone while something is done.


@pytest.mark.parametrize("said", [{"type": "subscribe", "stream": "direct"},
                                  {"type": "unsubscribe", "stream": "user"}])
def test_what_is_said_while_a_socket_closes_brings_it_not_back(
        sockets: Gateway, alice: Person, said: dict[str, str]) -> None:
    socket = sockets.connect("stream=user", token=alice.token)

    with before_call("UpdateItem", 1, lambda: connections.forget(socket.id), about="streams"):
        sockets.say(socket, **said)

    assert connections.list_all() == []


def test_a_token_that_comes_while_a_socket_closes_brings_it_not_back(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect()

    with before_call("UpdateItem", 1, lambda: connections.forget(socket.id), about="streams"):
        sockets.say(socket, type="pleroma:authenticate", token=alice.token)

    assert connections.list_all() == []


def test_a_heartbeat_does_not_bring_back_who_is_gone(sockets: Gateway, alice: Person) -> None:
    socket = sockets.connect("stream=user", token=alice.token)
    connections.forget(socket.id)

    connections.note_heartbeat(socket.id)

    assert connections.list_all() == []


def test_opening_a_socket_costs_few_calls(sockets: Gateway, alice: Person) -> None:
    with counted() as ledger:
        sockets.connect("stream=user", token=alice.token)
    assert ledger.calls == 3, "the token with its account, the other sockets, and the row"

    with counted() as ledger:
        sockets.connect("stream=user", token="x" * 43)
    assert ledger.calls == 0, "a token that names nobody is refused without a read"
