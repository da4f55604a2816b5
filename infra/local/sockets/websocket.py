"""A WebSocket: frames in and out, by the rules of `websockets`, which reads and writes no socket itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from websockets.datastructures import Headers
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

from .. import http
from .callers import Event
from .connection import Limits, Open

PATH = "/"  # those who decide about path and query have the request itself
NEEDED = ("connection", "upgrade", "sec-websocket-key", "sec-websocket-version")


class Handshake:
    """An upgrade that is asked for. `refusal` says why it cannot be one."""

    def __init__(self, request: http.Request, limits: Limits) -> None:
        self.protocol = ServerProtocol(max_size=(limits.message, limits.frame))
        asked = Request(PATH, Headers({name: request.headers[name] for name in NEEDED if name in request.headers}))
        self.protocol.receive_data(asked.serialize())
        understood = self.protocol.events_received()
        self.response: Response = self.protocol.accept(asked) if understood else self.protocol.reject(400, "Too long")

    @property
    def refusal(self) -> tuple[int, dict[str, str], bytes] | None:
        response = self.response
        if response.status_code == 101:
            return None
        status, about, body = http.error(response.status_code, response.body.decode().strip())
        kept = {name: value for name, value in response.headers.items() if name in ("Upgrade", "Sec-WebSocket-Version")}
        return status, about | kept, body


class WebSocket(Open):
    """An accepted one. `answered` are headers that the handler of `$connect` wants in the reply."""

    def __init__(self, handshake: Handshake, answered: dict[str, str], *about: Any) -> None:
        super().__init__(*about)
        self.protocol = handshake.protocol
        for name, value in answered.items():
            handshake.response.headers[name] = value
        self.protocol.send_response(handshake.response)
        self._pieces: list[Frame] = []
        self._is_leaving = False

    def begin(self, transport: asyncio.Transport) -> None:
        self._flush(transport)

    def send(self, text: str) -> None:
        if self.transport is not None and self.protocol.state is State.OPEN:
            self.protocol.send_text(text.encode())
            self._flush(self.transport)

    def end(self, code: int, reason: str) -> None:
        if self.transport is not None and self.protocol.state is State.OPEN:
            self.protocol.send_close(code, reason)
            self._flush(self.transport)

    def failed(self, event: Event) -> None:
        request = event["requestContext"]["requestId"]
        about = {"message": "Internal server error", "connectionId": self.caller.id, "requestId": request}
        self.send(json.dumps(about))

    def data_received(self, data: bytes) -> None:
        self.protocol.receive_data(data)
        self._take()

    def eof_received(self) -> None:
        self.protocol.receive_eof()
        self._take()

    def connection_lost(self, error: Exception | None) -> None:
        if self.protocol.close_code is not None:
            self._code_and_reason = (self.protocol.close_code, self.protocol.close_reason or "")
        super().connection_lost(error)

    def _take(self) -> None:
        for frame in self.protocol.events_received():
            assert isinstance(frame, Frame)
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self._pieces.append(frame)
                if frame.fin:
                    self._say()
        if self.transport is not None:
            self._flush(self.transport)

    def _say(self) -> None:
        kind, data = self._pieces[0].opcode, b"".join(frame.data for frame in self._pieces)
        self._pieces.clear()
        if kind is Opcode.BINARY:
            self.said(self.caller.sends(data))
            return
        try:
            self.said(self.caller.says(data.decode()))
        except UnicodeDecodeError:
            self.protocol.fail(CloseCode.INVALID_DATA, "invalid UTF-8")

    def _flush(self, transport: asyncio.Transport) -> None:
        for data in self.protocol.data_to_send():
            if transport.is_closing():
                return
            if data:
                transport.write(data)
            else:
                transport.write_eof()
        if self.protocol.close_expected() and not self._is_leaving:
            self._is_leaving = True
            self.after("farewell", self.limits.farewell, transport.abort)
