"""The gateway: takes upgrades from the HTTP server, hands what happens to the handlers, and sends what they post."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from chalicelib.web.edge import ON_EVERY_REPLY
from chalicelib.web.request import new_or_sent

from .. import http
from ..ending import Essential
from . import server_sent
from .callers import CONNECT, DEFAULT, DISCONNECT, Caller, Event
from .connection import LIMITS, Limits, Open
from .websocket import Handshake, WebSocket

PATHS = ("/api/v1/streaming", "/api/v1/streaming/")
DELETED = 1000
"""How API Gateway closes what the code deletes, by reports. A client may take it for the end of its stream."""
STAGE_ENDS = 1012
WORKERS = 32
"""Handlers that run at the same time. A message of somebody else waits only when all of them are slow."""

Handler = Callable[[Event], Any]
Reply = tuple[int, dict[str, str], bytes]


class Refused(Exception):
    """What `@connections` answers instead of doing it. `code` and `status` are those of API Gateway."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Handlers:
    """What is called for each event of API Gateway. `connect` answers as Lambda would: status, and headers to echo."""

    connect: Handler
    message: Handler
    disconnect: Handler

    @classmethod
    def of(cls, app: Chalice, context: Callable[[], Any]) -> Handlers | None:
        """Those that the app has declared. `context` makes what Lambda passes beside an event."""
        declared = [app.websocket_handlers.get(route) for route in (CONNECT, DEFAULT, DISCONNECT)]
        named = [app.handler_map[each.name] for each in declared if each is not None]
        return cls(*(_with(context, each) for each in named)) if len(named) == len(declared) else None

    def handle(self, event: Event) -> None:
        """One that is open has said something, or has closed."""
        (self.message if event["requestContext"]["eventType"] == "MESSAGE" else self.disconnect)(event)


class Gateway:
    """All open connections, from `start` to `stop`."""

    def __init__(self, handlers: Handlers, limits: Limits = LIMITS) -> None:
        self.handlers = handlers
        self.limits = limits
        self._open: dict[str, Open] = {}
        self._loop = asyncio.new_event_loop()
        self._workers = ThreadPoolExecutor(WORKERS, "sockets")
        self._is_stopped = False

    def start(self) -> Gateway:
        Essential(target=self._loop.run_forever, name="sockets", daemon=True).start()
        return self

    def stop(self, within: float = 1.0) -> None:
        """Close all, and let the handlers know. Rows of those that they do not hear of in time end by themselves."""
        if self._is_stopped:
            return
        self._is_stopped = True
        closing = asyncio.run_coroutine_threadsafe(self._close_all(), self._loop)
        with contextlib.suppress(TimeoutError):
            closing.result(within)
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._loop.call_soon_threadsafe(self._loop.stop)

    @staticmethod
    def address(url: str) -> str:
        """Where sockets open, at a server that answers at `url`."""
        return url.replace("http", "ws", 1) + PATHS[0]

    # What comes from the HTTP server, in its threads.

    def takes(self, request: http.Request) -> bool:
        """Whether the request asks for a connection that stays open."""
        return _is_upgrade(request) or server_sent.query_of(request) is not None

    def answer(self, request: http.Request, ip: str, connection: http.Connection) -> Reply | None:
        """Refuse the request, or take its socket. None: the socket is no longer the HTTP server's."""
        if len(self._open) >= self.limits.connections:
            return http.error(503, "Too many connections")
        handshake = Handshake(request, self.limits) if _is_upgrade(request) else None
        if handshake and handshake.refusal:
            return handshake.refusal
        caller = Caller.of(request, ip, None if handshake else server_sent.query_of(request))
        status, headers, body = self._connect(caller)
        if status // 100 != 2:
            return status, headers, body
        opened = asyncio.run_coroutine_threadsafe(self._welcome(caller, handshake, headers), self._loop).result()
        sock, early = connection.hand_over()
        asyncio.run_coroutine_threadsafe(opened.adopt(sock, early), self._loop)
        return None

    def _connect(self, caller: Caller) -> Reply:
        """What the handler of `$connect` says, in the form of a reply."""
        try:
            answer = self.handlers.connect(caller.connects())
            status, headers, body = answer["statusCode"], answer.get("headers") or {}, answer.get("body")
        except Exception:  # noqa: BLE001  (as the gateway does: 500, whatever it was)
            traceback.print_exc()
            return http.error(500, "Something went wrong")
        if body is None:
            _, about, plain = http.error(status, http.REASONS.get(status, "Refused"))
            return status, about | headers, plain
        return status, headers, body.encode()

    # What the code asks for at `@connections`, in threads of its own.

    def post(self, id: str, data: bytes) -> None:
        if len(data) > self.limits.message:
            raise Refused("PayloadTooLargeException", 413)
        opened = self._get(id)
        if opened.is_slow:
            raise Refused("LimitExceededException", 429)
        if not data:
            raise Refused("BadRequestException", 400)
        self._loop.call_soon_threadsafe(opened.post, data.decode(errors="replace"))

    def about(self, id: str) -> dict[str, Any]:
        opened = self._get(id)
        caller = opened.caller
        return {
            "ConnectedAt": datetime.fromtimestamp(caller.connected_ms / 1000, UTC),
            "LastActiveAt": datetime.fromtimestamp(opened.active_at, UTC),
            "Identity": {"SourceIp": caller.ip, "UserAgent": caller.headers.get("user-agent", "")},
        }

    def delete(self, id: str) -> None:
        self._loop.call_soon_threadsafe(self._get(id).finish, DELETED, "Connection Closed Normally")

    def _get(self, id: str) -> Open:
        """One that is open. That it is asked for is no sign that it will still be there."""
        try:
            return self._open[id]
        except KeyError:
            raise Refused("GoneException", 410) from None

    # What is done in the loop.

    async def _welcome(self, caller: Caller, handshake: Handshake | None, headers: dict[str, str]) -> Open:
        """From now on it can be sent something."""
        about = (caller, self.limits, self._hand_over, self._forget)
        if handshake:
            opened: Open = WebSocket(handshake, headers, *about)
        else:
            identifier = {"X-Request-Id": new_or_sent(caller.headers.get("x-request-id"))}
            opened = server_sent.ServerSent(ON_EVERY_REPLY | identifier, *about)
        self._open[caller.id] = opened
        return opened

    def _forget(self, opened: Open) -> None:
        self._open.pop(opened.caller.id, None)

    async def _hand_over(self, event: Event) -> bool:
        return await self._loop.run_in_executor(self._workers, self._handle, event)

    def _handle(self, event: Event) -> bool:
        """Run a handler, in a worker. Whether it did not raise."""
        try:
            self.handlers.handle(event)
        except Exception:  # noqa: BLE001  (one event has nothing to do with the next)
            traceback.print_exc()
            return False
        return True

    async def _close_all(self) -> None:
        everybody = list(self._open.values())
        for opened in everybody:
            opened.finish(STAGE_ENDS, "The server restarts")
        await asyncio.gather(*(opened.left.wait() for opened in everybody))


def _with(context: Callable[[], Any], handler: Callable[[Event, Any], Any]) -> Handler:
    return lambda event: handler(event, context())


def _is_upgrade(request: http.Request) -> bool:
    asked = request.headers.get("upgrade", "")
    return request.method == "GET" and request.path in PATHS and asked.lower() == "websocket"
