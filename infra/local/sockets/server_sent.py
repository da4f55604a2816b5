"""Server-sent events: what a socket would get, as lines of text to a client that only listens."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .. import http
from .connection import Open

PREFIX = "/api/v1/streaming/"
STREAMS = {"user", "user/notification", "public", "public/local", "public/remote", "hashtag", "hashtag/local", "list",
           "direct"}
WITH_MEDIA_ONLY = {"public", "public/local", "public/remote"}

ABOUT = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "Connection": "close"}


def query_of(request: http.Request) -> str | None:
    """The query that a socket with the same wish would send. None: the address is of no stream."""
    path, _, query = request.target.partition("?")
    name = path.removeprefix(PREFIX).removesuffix("/")
    if request.method != "GET" or not path.startswith(PREFIX) or name not in STREAMS:
        return None
    sent = dict(parse_qsl(query, keep_blank_values=True))
    media = sent.pop("only_media", "") in ("true", "1") and name in WITH_MEDIA_ONLY
    return urlencode(sent | {"stream": name.replace("/", ":") + (":media" if media else "")})


class ServerSent(Open):
    """A reply that goes on until one side closes. `headers` are those of the reply."""

    def __init__(self, headers: http.Headers, *about: Any) -> None:
        super().__init__(*about)
        self._headers = {**headers, **ABOUT}

    def begin(self, transport: asyncio.Transport) -> None:
        transport.write(http.head(200, self._headers))
        self._thump(transport)

    def send(self, text: str) -> None:
        message = json.loads(text)
        if self.transport is not None and message.get("stream"):  # other messages answer or keep alive a socket
            lines = [f"event: {message['event']}", f"data: {_data(message)}", "", ""]
            self.transport.write("\n".join(lines).encode())

    def end(self, code: int, reason: str) -> None:
        self._code_and_reason = (code, reason)
        if self.transport is not None:
            self.transport.close()
            self.after("farewell", self.limits.farewell, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """A client has nothing to say after its request."""

    def _thump(self, transport: asyncio.Transport) -> None:
        self.active_at = time.time()
        if not transport.is_closing():
            transport.write(b":thump\n")
            self.after("thump", self.limits.thump, lambda: self._thump(transport))


def _data(message: dict[str, Any]) -> str:
    """The payload, which Mastodon.py reads as JSON: an id of letters needs quotes for that. None is `undefined`, as
    Mastodon writes it."""
    if "payload" not in message:
        return "undefined"
    payload = str(message["payload"])
    return json.dumps(payload) if message["event"] == "delete" and not payload.isdigit() else payload
