"""Sockets are opened in every way that clients know, and listen to what they ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.running.sockets.listening import Listener, listening, token_of
from tests.running.stage import Someone, Stage

SUCCESS, IGNORED = {"result": "success"}, {"result": "ignored"}


def address(stage: Stage, query: str = "") -> str:
    return stage.url.replace("http", "ws", 1) + "/api/v1/streaming" + query


# Who may connect, and how.


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_token_in_the_query_opens_a_stream(stage: Stage, bob: Someone, slash: str) -> None:
    with connect(address(stage, f"{slash}?stream=user&access_token={token_of(bob)}")) as socket:
        assert Listener(socket).says("subscribe", stream="user") == IGNORED


def test_a_token_as_protocol_is_echoed(stage: Stage, bob: Someone) -> None:
    with connect(address(stage, "?stream=user"), subprotocols=[Subprotocol(token_of(bob))]) as socket:
        assert socket.subprotocol == token_of(bob)
        assert Listener(socket).says("subscribe", stream="user") == IGNORED


def test_a_token_in_the_header_opens_a_stream(stage: Stage, bob: Someone) -> None:
    signed_in = {"Authorization": f"Bearer {token_of(bob)}"}
    with connect(address(stage, "?stream=user"), additional_headers=signed_in) as socket:
        assert socket.subprotocol is None
        assert Listener(socket).says("subscribe", stream="user") == IGNORED


def test_a_socket_may_say_later_whose_it_is(stage: Stage, bob: Someone) -> None:
    with listening(stage, None) as listener:
        assert listener.says("subscribe", stream="user") == {"result": "error", "error": "unauthorized"}
        assert listener.says("pleroma:authenticate", token="wrong") == {"result": "error", "error": "unauthorized"}
        assert listener.says("pleroma:authenticate", token=token_of(bob)) == SUCCESS
        assert listener.says("pleroma:authenticate", token=token_of(bob)) == {
            "result": "error", "error": "already_authenticated"}
        assert listener.says("subscribe", stream="user") == SUCCESS


@pytest.mark.parametrize(("query", "status"), [
    ("?stream=user", 401), ("?stream=user&access_token=wrong", 401), ("?access_token=wrong", 401),
    ("?stream=nothing", 404), ("?stream=list&list=1", 401), ("?stream=hashtag", 404)])
def test_an_upgrade_is_refused_with_its_reason(stage: Stage, query: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(address(stage, query))

    assert refused.value.response.status_code == status
    assert set(json.loads(refused.value.response.body)) == {"error"}


def test_a_list_of_somebody_else_is_not_there(stage: Stage, alice: Someone, bob: Someone) -> None:
    made = alice.post("/api/v1/lists", title="Mine")

    with pytest.raises(InvalidStatus) as refused:
        connect(address(stage, f"?stream=list&list={made['id']}&access_token={token_of(bob)}"))

    assert refused.value.response.status_code == 404


def test_a_session_cookie_opens_nothing(stage: Stage) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(address(stage, "?stream=user"), additional_headers={"Cookie": "_kenoma_key=anything"})

    assert refused.value.response.status_code == 401


def test_without_an_upgrade_it_is_no_stream(stage: Stage) -> None:
    assert requests.get(stage.url + "/api/v1/streaming", timeout=10).status_code in (404, 426)
    assert requests.get(stage.url + "/api/v1/streaming/", timeout=10).status_code in (404, 426)


@pytest.mark.parametrize(("path", "status"), [
    ("user", 401), ("list?list=1", 401), ("hashtag", 404), ("nothing", 404), ("public", 200), ("hashtag?tag=tea", 200)])
def test_server_sent_events_are_refused_as_sockets_are(stage: Stage, path: str, status: int) -> None:
    with requests.get(f"{stage.url}/api/v1/streaming/{path}", timeout=10, stream=True) as reply:
        assert reply.status_code == status
        assert reply.headers["Content-Type"].partition(";")[0] == (
            "text/event-stream" if status == 200 else "application/json")


def test_a_setting_leaves_all_of_it_out(tmp_path: Path) -> None:
    without = Stage(tmp_path / "data", KENOMA_STREAMING="off").answering()
    try:
        with pytest.raises(InvalidStatus, match="404"):
            connect(address(without))
        assert requests.get(without.url + "/api/v1/streaming/public", timeout=10).status_code == 404
        instance = Someone(without.url).get("/api/v2/instance")
        assert not instance["configuration"]["urls"].get("streaming")
        assert "mastodon_api_streaming" not in instance["pleroma"]["metadata"]["features"]
    finally:
        without.stop()


# What a client may say.


def test_one_socket_has_several_streams(stage: Stage, bob: Someone) -> None:
    with listening(stage, bob, "user", "direct", "user:notifications", "user:pleroma_chat", "public:local") as listener:
        assert listener.says("subscribe", stream="hashtag", tag="tea") == SUCCESS
        assert listener.says("unsubscribe", stream="direct") == SUCCESS
        assert listener.says("unsubscribe", stream="direct") == IGNORED
        assert listener.says("subscribe", stream="nothing") == {"result": "error", "error": "bad_topic"}


def test_what_cannot_be_understood_is_passed_over(stage: Stage, bob: Someone) -> None:
    with listening(stage, bob, "user") as listener:
        for said in ("", "{", "[]", "1", '"subscribe"', '{"type":"dance"}', '{"type":1}', b"\x00\xff", "[" * 5000):
            listener.socket.send(said)

        assert listener.says("subscribe", stream="user") == IGNORED
        listener.hears_no_more(0.1)


def test_a_message_that_is_too_large_closes_it(stage: Stage, bob: Someone) -> None:
    with listening(stage, bob, "user") as listener:
        listener.socket.send("x" * 33_000)
        assert listener.is_closed(within=20) == 1009
