"""The gateway of the local stage: what API Gateway would tell the handlers, allow and refuse."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from infra.local.http import bind
from infra.local.server import Beside, Server
from infra.local.sockets import clients
from infra.local.sockets.connection import Limits
from infra.local.sockets.gateway import Gateway, Handlers
from tests.infra import tiny
from tests.running.stage import until

SHORT = Limits(idle=1.0, life=60.0, thump=0.2, connections=6, unread=100_000, farewell=0.5)


@dataclass
class Recorded:
    """Handlers that write down their events, and do what the client says."""

    events: list[dict[str, Any]] = field(default_factory=list)
    during_connect: list[str] = field(default_factory=list)
    slow: threading.Event = field(default_factory=threading.Event)
    api: Any = None

    def connect(self, event: dict[str, Any]) -> dict[str, Any]:
        self.events.append(event)
        asked = event.get("queryStringParameters", {})
        if asked.get("do") == "raise":
            raise ValueError("secret detail")
        if asked.get("do") == "delete":
            threading.Thread(target=self._delete, args=(event,)).start()
        if asked.get("do") == "post":
            self.during_connect.append(refusal_of(self.api.post_to_connection, event, Data=b"too early"))
        offered = event["headers"].get("sec-websocket-protocol")
        headers = {"Sec-WebSocket-Protocol": offered} if offered else {}
        return {"statusCode": int(asked.get("status", 200)), "headers": headers}

    def _delete(self, event: dict[str, Any]) -> None:
        """As soon as the gateway knows it."""
        while refusal_of(self.api.delete_connection, event):
            pass

    def message(self, event: dict[str, Any]) -> dict[str, Any]:
        self.events.append(event)
        match event["body"]:
            case "raise":
                raise ValueError("secret detail")
            case "wait":
                self.slow.wait(10)
            case "answer":
                self.api.post_to_connection(ConnectionId=id_of(event), Data=b"an answer")
        return {"statusCode": 200, "body": "nobody sees this"}

    def disconnect(self, event: dict[str, Any]) -> dict[str, Any]:
        self.events.append(event)
        return {"statusCode": 200}

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["requestContext"]["eventType"] == kind]

    @property
    def said(self) -> list[str]:
        return [event["body"] for event in self.of("MESSAGE")]


def id_of(event: dict[str, Any]) -> str:
    return str(event["requestContext"]["connectionId"])


def refusal_of(call: Any, event: dict[str, Any], **more: Any) -> str:
    try:
        call(ConnectionId=id_of(event), **more)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@dataclass
class Served:
    """A server with a gateway, and a client of the code's side."""

    handlers: Recorded
    gateway: Gateway
    server: Server

    @property
    def address(self) -> tuple[str, int]:
        found: tuple[str, int] = self.server._listener.getsockname()
        return found

    def connects(self, query: str = "", **about: Any) -> ClientConnection:
        host, port = self.address
        return connect(f"ws://{host}:{port}/api/v1/streaming{query}", compression=None, **about)

    def asks(self, line: str, *headers: str) -> socket.socket:
        sock = socket.create_connection(self.address, timeout=5)
        sock.sendall("\r\n".join([f"{line} HTTP/1.1", "Host: here.example", *headers, "", ""]).encode())
        return sock

    def posts(self, event: dict[str, Any], data: bytes = b"posted") -> str:
        return refusal_of(self.handlers.api.post_to_connection, event, Data=data)


@pytest.fixture(autouse=True)
def aws() -> None:
    """No AWS but the gateway."""


@pytest.fixture
def served() -> Iterator[Served]:
    handlers = Recorded()
    gateway = Gateway(Handlers(handlers.connect, handlers.message, handlers.disconnect), SHORT).start()
    client = boto3.client("apigatewaymanagementapi", region_name="us-east-1", aws_access_key_id="local",
                          aws_secret_access_key="local")
    handlers.api = clients.answer_client(client, gateway)
    server = Server(tiny.app, bind("127.0.0.1", 0), beside=Beside(gateway=gateway))
    yield Served(handlers, gateway, server.start())
    handlers.slow.set()
    server.stop(within=1)
    gateway.stop(within=1)


def closing_of(client: ClientConnection) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed):
        while True:
            client.recv(timeout=20)
    assert client.close_code is not None
    return client.close_code, client.close_reason or ""


# What the handlers are told.


def test_connect_tells_who_comes_and_with_what(served: Served) -> None:
    with served.connects("/?stream=list&list=1&list=2&empty=", user_agent_header="A client",
                         additional_headers={"Authorization": "Bearer token"}):
        (event,) = served.handlers.of("CONNECT")

    context = event["requestContext"]
    assert event["queryStringParameters"] == {"stream": "list", "list": "2", "empty": ""}
    assert event["multiValueQueryStringParameters"]["list"] == ["1", "2"]
    assert event["headers"]["authorization"] == "Bearer token"
    assert event["multiValueHeaders"]["authorization"] == ["Bearer token"]
    assert (context["routeKey"], context["stage"], context["apiId"]) == ("$connect", "api", "local")
    assert context["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "A client"}
    assert context["domainName"] == "{}:{}".format(*served.address)


def test_an_event_without_a_query_has_none(served: Served) -> None:
    with served.connects():
        assert "queryStringParameters" not in served.handlers.of("CONNECT")[0]


def test_messages_are_told_in_their_order_and_by_the_same_id(served: Served) -> None:
    with served.connects() as client:
        for number in range(40):
            client.send(str(number))
        client.send(b"\xff\x00")
        client.send(["in ", "two ", "pieces"])
        until(lambda: len(served.handlers.said) == 42)

    assert served.handlers.said[:40] == [str(number) for number in range(40)]
    assert served.handlers.said[40:] == [base64.b64encode(b"\xff\x00").decode(), "in two pieces"]
    assert [event["isBase64Encoded"] for event in served.handlers.of("MESSAGE")[39:]] == [False, True, False]
    assert len({id_of(event) for event in served.handlers.events}) == 1
    assert {event["requestContext"]["routeKey"] for event in served.handlers.of("MESSAGE")} == {"$default"}


def test_disconnect_tells_how_it_ended(served: Served) -> None:
    with served.connects() as client:
        client.close(4000, "enough")
    with served.connects() as client:
        client.socket.shutdown(socket.SHUT_RDWR)

    left, lost = until(lambda: len(gone := served.handlers.of("DISCONNECT")) == 2 and gone)
    assert _code_and_reason(left) == (4000, "enough")
    assert _code_and_reason(lost)[0] == 1006
    assert "body" not in left


def _code_and_reason(event: dict[str, Any]) -> tuple[int, str]:
    context = event["requestContext"]
    return context["disconnectStatusCode"], context["disconnectReason"]


def test_disconnect_comes_after_what_was_said_before(served: Served) -> None:
    with served.connects() as client:
        client.send("wait")
        client.send("the last")
    until(lambda: served.handlers.said == ["wait"])
    served.handlers.slow.set()

    until(lambda: served.handlers.of("DISCONNECT"))
    assert served.handlers.said == ["wait", "the last"]


# What decides about an upgrade.


@pytest.mark.parametrize("status", [401, 404, 429])
def test_the_status_of_connect_refuses(served: Served, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        served.connects(f"?status={status}")

    assert refused.value.response.status_code == status
    assert set(json.loads(refused.value.response.body)) == {"error"}
    assert served.handlers.of("DISCONNECT") == []


def test_a_connect_that_raises_is_a_500_and_tells_nothing(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        served.connects("?do=raise")

    assert (refused.value.response.status_code, b"secret" in refused.value.response.body) == (500, False)


def test_a_protocol_is_echoed_by_connect_only(served: Served) -> None:
    with served.connects(subprotocols=["a-token"]) as client:
        assert client.subprotocol == "a-token"
    with served.connects() as client:
        assert client.response is not None
        assert "Sec-WebSocket-Protocol" not in client.response.headers


@pytest.mark.parametrize(("headers", "status"), [
    (("Connection: Upgrade",), 400),
    (("Connection: Upgrade", "Sec-WebSocket-Key: short", "Sec-WebSocket-Version: 13"), 400),
    (("Connection: Upgrade", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 7"), 400),
    (("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"), 426),
    (("Connection: Upgrade", f"Sec-WebSocket-Key: {'A' * 20_000}", "Sec-WebSocket-Version: 13"), 400),
    (("Connection: Upgrade", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAA\u00e9=", "Sec-WebSocket-Version: 13"), 400),
])
def test_what_is_no_handshake_is_refused_before_anybody_is_asked(
        served: Served, headers: tuple[str, ...], status: int) -> None:
    with served.asks("GET /api/v1/streaming", "Upgrade: websocket", *headers) as sock:
        first = sock.makefile("rb").readline()

    assert first.split()[1] == str(status).encode()
    assert served.handlers.events == []


def test_a_refused_client_may_go_on_with_the_same_connection(served: Served) -> None:
    with served.asks("GET /api/v1/streaming", "Upgrade: websocket") as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 4")
        sock.sendall(b"GET /ping HTTP/1.1\r\nHost: here.example\r\n\r\n")
        assert sock.recv(4096).startswith(b"HTTP/1.1 200")


def test_long_and_strange_headers_come_through(served: Served) -> None:
    with served.connects(additional_headers={"Authorization": "Bearer " + "x" * 8_000}):
        assert len(served.handlers.of("CONNECT")[0]["headers"]["authorization"]) == 8_007
    headers = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
               "Sec-WebSocket-Version: 13", "X-Name: \u00e9\u4e16", *(f"X-{number}: a" for number in range(200))]
    with served.asks("GET /api/v1/streaming?stream=\u00e9%00", *headers) as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 101")


def test_other_methods_do_not_upgrade(served: Served) -> None:
    headers = ("Upgrade: websocket", "Connection: Upgrade", "Content-Length: 0")
    with served.asks("POST /api/v1/streaming", *headers) as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 404")
    assert served.handlers.events == []


def test_nobody_can_post_by_the_port_of_the_server(served: Served) -> None:
    with served.connects():
        (event,) = served.handlers.of("CONNECT")
        for path in ("/@connections/", "/api/@connections/", "/%40connections/"):
            for method in ("POST", "GET", "DELETE"):
                with served.asks(f"{method} {path}{id_of(event)}", "Content-Length: 0") as sock:
                    assert sock.recv(4096).startswith(b"HTTP/1.1 404")


def test_an_upgrade_elsewhere_and_no_upgrade_are_requests_like_others(served: Served) -> None:
    for line, headers in (("GET /ping", ("Upgrade: websocket",)), ("GET /ping", ("Upgrade: h2c",))):
        with served.asks(line, *headers) as sock:
            assert sock.recv(4096).startswith(b"HTTP/1.1 200")
    with served.asks("GET /api/v1/streaming") as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 404")  # the application's own word


def test_what_came_with_the_handshake_is_heard(served: Served) -> None:
    key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
    head = "\r\n".join(["GET /api/v1/streaming HTTP/1.1", "Host: here.example", "Upgrade: websocket",
                        "Connection: keep-alive, Upgrade", key, "Sec-WebSocket-Version: 13", "", ""]).encode()
    with socket.create_connection(served.address) as sock:
        sock.sendall(head + b"\x81\x82\x00\x00\x00\x00hi")
        until(lambda: served.handlers.said == ["hi"])


def test_there_is_room_for_so_many(served: Served) -> None:
    with contextlib.ExitStack() as kept:
        first, *_ = [kept.enter_context(served.connects()) for _ in range(SHORT.connections)]
        with pytest.raises(InvalidStatus) as refused:
            served.connects()
        assert refused.value.response.status_code == 503

        first.close()
        until(lambda: len(served.gateway._open) == SHORT.connections - 1)
        kept.enter_context(served.connects())


# What the code may ask for.


def test_what_is_posted_arrives_as_text(served: Served) -> None:
    with served.connects() as client:
        (event,) = served.handlers.of("CONNECT")
        assert served.posts(event, "größe".encode()) == ""
        assert client.recv(timeout=20) == "größe"

        client.send("answer")
        assert client.recv(timeout=20) == "an answer"


def test_nothing_can_be_posted_before_connect_has_returned(served: Served) -> None:
    with served.connects("?do=post") as client:
        (event,) = served.handlers.of("CONNECT")
        assert served.handlers.during_connect == ["GoneException"]
        assert served.posts(event) == ""
        assert client.recv(timeout=20) == "posted"


def test_one_that_is_closed_is_gone(served: Served) -> None:
    with served.connects():
        (event,) = served.handlers.of("CONNECT")
    until(lambda: served.handlers.of("DISCONNECT"))
    api = served.handlers.api

    assert [served.posts(event), refusal_of(api.get_connection, event), refusal_of(api.delete_connection, event)] == [
        "GoneException"] * 3
    with pytest.raises(api.exceptions.GoneException) as gone:
        api.post_to_connection(ConnectionId="never was", Data=b"posted")
    assert gone.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410


def test_one_can_be_looked_at_and_deleted(served: Served) -> None:
    with served.connects(user_agent_header="A client") as client:
        (event,) = served.handlers.of("CONNECT")

        found = served.handlers.api.get_connection(ConnectionId=id_of(event))
        assert found["Identity"] == {"SourceIp": "127.0.0.1", "UserAgent": "A client"}
        assert found["ConnectedAt"] <= found["LastActiveAt"]
        assert refusal_of(served.handlers.api.delete_connection, event) == ""
        assert closing_of(client) == (1000, "Connection Closed Normally")

    until(lambda: served.handlers.of("DISCONNECT"))


def test_one_that_is_deleted_as_soon_as_it_is_there_is_closed(served: Served) -> None:
    with served.connects("?do=delete") as client:
        assert closing_of(client)[0] == 1000


@pytest.mark.parametrize(("data", "code"), [
    (b"x" * (SHORT.message + 1), "PayloadTooLargeException"), (b"", "BadRequestException"), (b"x" * SHORT.message, "")])
def test_a_post_has_a_size(served: Served, data: bytes, code: str) -> None:
    with served.connects():
        assert served.posts(served.handlers.of("CONNECT")[0], data) == code


def test_who_does_not_read_is_sent_no_more(served: Served) -> None:
    with served.connects(close_timeout=0.1) as client:
        (event,) = served.handlers.of("CONNECT")
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        assert served.posts(event, b"x" * 100_000) == ""
        until(lambda: "LimitExceededException" in {served.posts(event, b"x" * 100_000) for _ in range(40)})


# How a connection ends.


def test_a_ping_is_answered(served: Served) -> None:
    with served.connects() as client:
        assert client.ping(b"are you there").wait(5)


@pytest.mark.parametrize("message", ["x" * (SHORT.frame + 1), ["x" * SHORT.frame] * 5])
def test_a_frame_and_a_message_have_a_size(served: Served, message: str | list[str]) -> None:
    with served.connects() as client:
        with contextlib.suppress(ConnectionClosed):  # it may be closed before all is sent
            client.send(message)
        assert closing_of(client)[0] == 1009
    assert served.handlers.said == []


def test_a_message_of_the_largest_size_is_heard(served: Served) -> None:
    with served.connects() as client:
        client.send(["x" * SHORT.frame] * 4)
        until(lambda: served.handlers.said == ["x" * SHORT.message])


@pytest.mark.parametrize(("bytes_sent", "code"), [
    (b"\x81\x81\x00\x00\x00\x00\xff", 1007), (b"\x81\x02hi", 1002), (b"\xff\x80\x00\x00\x00\x00", 1002)])
def test_bytes_that_break_the_rules_close_it(served: Served, bytes_sent: bytes, code: int) -> None:
    with served.connects() as client:
        client.socket.sendall(bytes_sent)
        assert closing_of(client)[0] == code
    until(lambda: served.handlers.of("DISCONNECT"))


def test_one_that_is_idle_ends_and_one_that_is_spoken_to_does_not(served: Served) -> None:
    with served.connects() as idle, served.connects() as busy:
        events = served.handlers.of("CONNECT")
        began = time.monotonic()
        for tenth in range(3, 22, 3):
            threading.Timer(tenth / 10, served.posts, [events[1]]).start()

        assert closing_of(idle) == (1001, "Going away")
        assert [id_of(each) for each in until(lambda: served.handlers.of("DISCONNECT"))] == [id_of(events[0])]
        assert closing_of(busy) == (1001, "Going away")
        assert time.monotonic() - began > 2


def test_pings_alone_do_not_keep_it(served: Served) -> None:
    with served.connects(ping_interval=0.2) as client:
        assert closing_of(client)[0] == 1001


def test_a_life_has_an_end(served: Served) -> None:
    served.gateway.limits = Limits(life=0.5)
    with served.connects() as client:
        assert closing_of(client) == (1001, "Going away")


def test_a_client_that_does_not_say_goodbye_is_cut_off(served: Served) -> None:
    key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
    with served.asks("GET /api/v1/streaming", "Upgrade: websocket", "Connection: Upgrade", key,
                     "Sec-WebSocket-Version: 13"):
        until(lambda: served.handlers.of("DISCONNECT"), within=20)


def test_a_handler_that_raises_tells_the_client_as_the_gateway_does(served: Served) -> None:
    with served.connects() as client:
        client.send("raise")
        told = json.loads(client.recv(timeout=20))
        client.send("answer")
        assert client.recv(timeout=20) == "an answer"

    assert told["message"] == "Internal server error"
    assert told["connectionId"] == id_of(served.handlers.of("CONNECT")[0])


def test_a_slow_handler_holds_up_nobody_else(served: Served) -> None:
    with served.connects() as slow, served.connects() as other:
        slow.send("wait")
        until(lambda: "wait" in served.handlers.said)
        other.send("answer")
        assert other.recv(timeout=20) == "an answer"


def test_who_says_too_much_at_once_has_to_wait(served: Served) -> None:
    served.gateway.limits = Limits(waiting=4)
    with served.connects(close_timeout=0.1) as client:
        client.send("wait")
        client.socket.settimeout(0.5)
        frame = b"\x81\xfe" + struct.pack(">H", 30_000) + bytes(4) + b"x" * 30_000
        with pytest.raises(TimeoutError):  # nothing of it is read any more
            for _ in range(1000):
                client.socket.sendall(frame)
        (opened,) = served.gateway._open.values()

        assert len(opened._events) < 50


def test_the_end_of_the_stage_closes_all_and_tells_the_handlers(served: Served) -> None:
    with served.connects() as one, served.connects() as other:
        served.server.stop(within=1)
        served.gateway.stop(within=2)

        assert {closing_of(one)[0], closing_of(other)[0]} == {1012}
    assert len(served.handlers.of("DISCONNECT")) == 2


# Server-sent events.


def test_a_stream_of_text_is_the_same_to_the_handlers(served: Served) -> None:
    with served.asks("GET /api/v1/streaming/hashtag/local?tag=Tea", "Authorization: Bearer token") as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 200 OK")
        (event,) = until(lambda: served.handlers.of("CONNECT"))

    assert event["queryStringParameters"] == {"tag": "Tea", "stream": "hashtag:local"}
    assert event["headers"]["authorization"] == "Bearer token"
    until(lambda: served.handlers.of("DISCONNECT"))


def test_a_stream_of_text_thumps_and_carries_what_is_posted(served: Served) -> None:
    messages = [{"event": "delete", "payload": "1"}, {"event": "delete", "payload": "one"},
                {"event": "filters_changed"}, {"event": "update", "payload": '{"id":"1"}'}]
    answer = json.dumps({"stream": [], "event": "pleroma:respond", "payload": "{}"}).encode()
    with served.asks("GET /api/v1/streaming/user") as sock:
        (event,) = until(lambda: served.handlers.of("CONNECT"))
        until(lambda: served.posts(event, answer) == "")
        for message in messages:
            served.posts(event, json.dumps({"stream": ["user"], **message}).encode())
        lines = [line.rstrip("\n") for line, _ in zip(sock.makefile(), range(40), strict=False)]

    assert "Content-Type: text/event-stream; charset=utf-8" in lines
    assert "Access-Control-Allow-Origin: *" in lines
    at = lines.index("event: delete")
    assert lines[at:at + 12] == [
        "event: delete", "data: 1", "", "event: delete", 'data: "one"', "",
        "event: filters_changed", "data: undefined", "", "event: update", 'data: {"id":"1"}', ""]
    assert lines.count(":thump") > 2
    assert not any("pleroma:respond" in line for line in lines)


def test_a_stream_of_text_may_be_refused(served: Served) -> None:
    with served.asks("GET /api/v1/streaming/user?status=401") as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(("path", "stream"), [
    ("public?only_media=true", "public:media"), ("public/local?only_media=1", "public:local:media"),
    ("public/remote", "public:remote"), ("user/notification/", "user:notification"), ("direct?stream=user", "direct"),
    ("user?only_media=true", "user")])
def test_the_address_names_the_stream(served: Served, path: str, stream: str) -> None:
    with served.asks(f"GET /api/v1/streaming/{path}"):
        (event,) = until(lambda: served.handlers.of("CONNECT"))
        assert event["queryStringParameters"] == {"stream": stream}


def test_addresses_of_no_stream_are_the_application_s(served: Served) -> None:
    for path in ("/api/v1/streaming/health", "/api/v1/streaming/nothing"):
        with served.asks(f"GET {path}") as sock:
            assert sock.recv(4096).startswith(b"HTTP/1.1 404")
    assert served.handlers.events == []
