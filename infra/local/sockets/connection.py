"""One open connection of whichever kind: what it is sent, what its client says, and how long it may last."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .callers import Caller, Event

GOING_AWAY = 1001
ABNORMAL = 1006


@dataclass(frozen=True)
class Limits:
    """What API Gateway allows, in bytes and seconds, and what one process can carry."""

    message: int = 128 * 1024
    frame: int = 32 * 1024
    idle: float = 600.0
    life: float = 7200.0
    thump: float = 15.0
    """How often a connection of server-sent events gets a comment."""
    connections: int = 4000
    waiting: int = 16
    """Messages of one client that wait for their handler. After that nothing is read from it."""
    unread: int = 1_000_000
    """Bytes that a client has not read yet. After that it is sent no more."""
    farewell: float = 3.0
    """How long a client may take to answer that it is closed."""


LIMITS = Limits()


class Open(asyncio.Protocol):
    """A connection in the loop. `hand_over` runs a handler in another thread; `gone` is told once it is closed.

    The handlers get what one client does one after the other. All methods are called in the loop.
    """

    def __init__(self, caller: Caller, limits: Limits, hand_over: Callable[[Event], Awaitable[bool]],
                 gone: Callable[[Open], None]) -> None:
        self.caller = caller
        self.limits = limits
        self.active_at = time.time()
        self.is_slow = False
        self.left = asyncio.Event()
        self.transport: asyncio.Transport | None = None
        self._hand_over = hand_over
        self._gone = gone
        self._early = b""
        self._ending: tuple[int, str] | None = None
        self._code_and_reason = (ABNORMAL, "")
        self._unsent: list[str] = []
        self._events: deque[Event] = deque()
        self._working: asyncio.Task[None] | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # What each kind does in its own way.

    def begin(self, transport: asyncio.Transport) -> None:
        """Send what comes before the first message."""
        raise NotImplementedError

    def send(self, text: str) -> None:
        raise NotImplementedError

    def end(self, code: int, reason: str) -> None:
        """Close it from this side."""
        raise NotImplementedError

    def failed(self, event: Event) -> None:
        """The handler raised. A gateway tells the client."""

    # What is the same for all.

    async def adopt(self, sock: socket.socket, early: bytes) -> None:
        """Live on this socket, from which `early` has been read already."""
        self._early = early
        sock.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: self, sock)
        except OSError as error:  # the client has left meanwhile
            sock.close()
            self.connection_lost(error)

    def post(self, text: str) -> None:
        """Send it, at the latest once there is a socket to send by."""
        if self.transport is None:
            self._unsent.append(text)
        else:
            self.send(text)
            self.active_at = time.time()

    def finish(self, code: int, reason: str) -> None:
        """Close it, at the latest once there is a socket to close."""
        if self.transport is None:
            self._ending = (code, reason)
        else:
            self.end(code, reason)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(self.limits.unread)
        self.transport = transport
        self.after("idle", self.limits.idle, self._look_whether_idle)
        self.after("life", self.limits.life, lambda: self.end(GOING_AWAY, "Going away"))
        self.begin(transport)
        for text in self._unsent:
            self.send(text)
        if self._early:
            self.data_received(self._early)
        if self._ending is not None:
            self.end(*self._ending)

    def connection_lost(self, error: Exception | None) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._gone(self)
        self._events.append(self.caller.leaves(*self._code_and_reason))
        self._work()

    def pause_writing(self) -> None:
        self.is_slow = True

    def resume_writing(self) -> None:
        self.is_slow = False

    def said(self, event: Event) -> None:
        """The client has said something, which waits for what it said before."""
        self.active_at = time.time()
        self._events.append(event)
        if self.transport is not None and len(self._events) >= self.limits.waiting:
            self.transport.pause_reading()
        self._work()

    def after(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """Have something done later, unless it is closed by then. Each name has one such moment."""
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, then)

    def _look_whether_idle(self) -> None:
        left = self.active_at + self.limits.idle - time.time()
        if left <= 0:
            self.end(GOING_AWAY, "Going away")
        else:
            self.after("idle", left, self._look_whether_idle)

    def _work(self) -> None:
        if self._working is None:
            self._working = asyncio.get_running_loop().create_task(self._hand_over_each())

    async def _hand_over_each(self) -> None:
        while self._events:
            event = self._events.popleft()
            if not await self._hand_over(event):
                self.failed(event)
            if event["requestContext"]["eventType"] == "DISCONNECT":
                self.left.set()
            elif self.transport is not None and not self.transport.is_closing():
                self.transport.resume_reading()
        self._working = None
