"""The gateway of these tests: it holds sockets, tells the app of them by the events of a WebSocket API, and takes what
is sent to them, over HTTP as the real one does.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from chalicelib.store.streaming import gateway

_numbers = itertools.count(1)
CONTEXT = {"domainName": "sockets.kenoma.test", "stage": "api", "apiId": "gateway",
           "identity": {"sourceIp": "192.0.2.7"}}


@dataclass
class Socket:
    """An open socket. `frames`: what it got, as text, in order."""

    id: str
    frames: list[str] = field(default_factory=list)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    is_closed: bool = False

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.frames]

    def events(self, name: str | None = None) -> list[tuple[Any, Any]]:
        """The streams and payloads of messages with this event, or of all events."""
        return [(each["stream"], _payload(each)) for each in self.messages if name in (None, each["event"])]

    @property
    def names(self) -> list[str]:
        return [each["event"] for each in self.messages]

    def responses(self) -> list[dict[str, Any]]:
        return [payload for _, payload in self.events("pleroma:respond")]


def _payload(message: Mapping[str, Any]) -> Any:
    if "payload" not in message:
        return None
    assert isinstance(message["payload"], str), "a payload is a text"
    return message["payload"] if message["event"] == "delete" else json.loads(message["payload"])


class Gateway:
    """Opens and closes sockets in the name of clients."""

    def __init__(self) -> None:
        self.sockets: dict[str, Socket] = {}
        self.refuses: set[str] = set()
        """The ids of sockets whose next message is not taken."""
        self.posts = 0

    def connect(self, query: str = "", *, token: str = "", headers: Mapping[str, str] | None = None,
                id: str | None = None) -> Socket:
        """As a client opens a socket with these parameters. `status` tells whether it is open."""
        from app import app

        socket = Socket(id or f"socket-{next(_numbers)}=")
        values = dict(parse_qsl(query)) | ({"access_token": token} if token else {})
        event = _event("CONNECT", socket.id, headers={"Host": "kenoma.test", **(headers or {})},
                       queryStringParameters=values or None,
                       multiValueQueryStringParameters={name: [value] for name, value in values.items()} or None)
        reply = app.handler_map["websocket_connect"](event, None)
        socket.status, socket.headers = reply["statusCode"], reply.get("headers", {})
        if socket.status == 200:
            self.sockets[socket.id] = socket
        return socket

    def say(self, socket: Socket, text: str | None = None, /, **values: Any) -> list[dict[str, Any]]:
        """What a client says. Answers the responses that came of it."""
        from app import app

        before = len(socket.frames)
        app.handler_map["websocket_message"](
            _event("MESSAGE", socket.id, body=json.dumps(values) if text is None else text), None)
        return [json.loads(json.loads(frame)["payload"]) for frame in socket.frames[before:]]

    def hang_up(self, socket: Socket, *, tells: bool = True) -> None:
        """The client is gone. `tells`: the gateway has noticed, and says so."""
        from app import app

        socket.is_closed = True
        self.sockets.pop(socket.id, None)
        if tells:
            app.handler_map["websocket_disconnect"](_event("DISCONNECT", socket.id), None)


def _event(kind: str, id: str, **more: Any) -> dict[str, Any]:
    route = {"CONNECT": "$connect", "MESSAGE": "$default", "DISCONNECT": "$disconnect"}[kind]
    return {"requestContext": {**CONTEXT, "eventType": kind, "routeKey": route, "connectionId": id},
            "isBase64Encoded": False, **more}


@contextmanager
def serving(gateway_of_test: Gateway) -> Iterator[str]:
    """The address of the gateway, where the app sends to sockets."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            gateway_of_test.posts += 1
            socket = gateway_of_test.sockets.get(self._id())
            if socket is None:
                self._answer(410, {"message": "gone"}, "GoneException")
            elif socket.id in gateway_of_test.refuses:
                gateway_of_test.refuses.discard(socket.id)
                self._answer(429, {"message": "slow"}, "LimitExceededException")
            else:
                socket.frames.append(data)
                self._answer(200)

        def do_DELETE(self) -> None:
            socket = gateway_of_test.sockets.pop(self._id(), None)
            if socket is None:
                self._answer(410, {"message": "gone"}, "GoneException")
                return
            socket.is_closed = True
            self._answer(204)

        def _id(self) -> str:
            return unquote(self.path.rpartition("/@connections/")[2])

        def _answer(self, status: int, body: Any = None, error: str = "") -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            if error:
                self.send_header("x-amzn-ErrorType", error)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch, setting: Any) -> Iterator[Gateway]:
    """A gateway, with streaming switched on."""
    setting(streaming=True)
    made = Gateway()
    with serving(made) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", address)
        gateway.forget_client()
        yield made
    gateway.forget_client()
