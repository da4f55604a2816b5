"""HTTP/1.1 on one socket: requests are read whole, replies are written in one piece.

Why not the standard library's: it takes a millisecond for each request, and sends head and body separately. On a kept
connection the body then waits 40 ms for the delayed acknowledgement of the other side.
"""

import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

HEAD_LIMIT = 65536
GATEWAY_LIMIT = 10_000_000
METHOD = re.compile(r"[A-Z][A-Z-]{0,19}")
FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
REASONS = {status.value: status.phrase for status in HTTPStatus}

Headers = Mapping[str, str | list[str]]


class Refused(Exception):
    """The bytes received are no request that the application can answer."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@dataclass(frozen=True)
class Patience:
    """Seconds that a client may take. Those for head and body are for the whole of it, however small the pieces."""

    idle: float = 75.0  # between two requests
    head: float = 10.0  # first line and headers; a new connection has to begin within this time as well
    body: float = 60.0
    reply: float = 75.0


PATIENCE = Patience()


@dataclass(slots=True)
class Request:
    method: str
    target: str  # as received, percent-encoded
    headers: dict[str, str]  # names in lower case
    body: bytes | None
    keep_alive: bool

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Connection:
    """One client's socket. `upload_limit` is for multipart bodies. Other bodies have the limit of API Gateway."""

    def __init__(self, sock: socket.socket, upload_limit: int = GATEWAY_LIMIT, patience: Patience = PATIENCE) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.upload_limit = upload_limit
        self.patience = patience
        self.buffer = bytearray()
        self._pause = patience.head
        self._begun = False
        self._give_up = 0.0

    def read(self) -> Request | None:
        """The next request. None: the client is done. Raises Refused if it is no request, or comes too slowly.

        If nothing comes at all, this raises TimeoutError.
        """
        try:
            return self._read()
        except TimeoutError:
            if self._begun:
                raise Refused(408, "Request timeout") from None
            raise
        finally:
            self._pause = self.patience.idle

    def _read(self) -> Request | None:
        head = self._read_head()
        if head is None:
            return None
        self._begun = True
        self._let_come(self.patience.body)
        first, *lines = head.split("\r\n") if "\r\n" in head else head.split("\n")
        method, target, version = _request_line(first)
        headers = _fields(lines)
        asked = headers.get("connection", "").lower()
        keep_alive = "close" not in asked if version == "HTTP/1.1" else "keep-alive" in asked
        return Request(method, target, headers, self._read_body(headers), keep_alive)

    def write(self, status: int, headers: Headers, body: bytes = b"", *, head_only: bool = False) -> None:
        has_body = status not in (204, 304)
        first = head(status, {**headers, "Content-Length": str(len(body))} if has_body else headers)
        self.sock.settimeout(self.patience.reply)
        self.sock.sendall(first + body if has_body and not head_only else first)

    def hand_over(self) -> tuple[socket.socket, bytes]:
        """The socket, for a protocol of another kind, and what came after the request. This connection is over then."""
        return socket.socket(fileno=self.sock.detach()), self._take(len(self.buffer))

    def close(self) -> None:
        """End the connection so that the last reply arrives: unread bytes would reset the connection."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
            self.sock.settimeout(0.5)
            give_up = time.monotonic() + 3
            while time.monotonic() < give_up and self.sock.recv(262144):
                pass
        except OSError:
            pass
        finally:
            self.sock.close()

    def _let_come(self, within: float) -> None:
        self._give_up = time.monotonic() + within

    def _more(self) -> bool:
        left = self._give_up - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        piece = self.sock.recv(65536)
        self.buffer += piece
        return bool(piece)

    def _take(self, length: int) -> bytes:
        taken = bytes(self.buffer[:length])
        del self.buffer[:length]
        return taken

    def _read_head(self) -> str | None:
        self._begun = False
        self._let_come(self._pause)
        while True:
            while self.buffer.startswith((b"\r", b"\n")):  # some clients send a line break too many after a body
                del self.buffer[0]
            end = self.buffer.find(b"\r\n\r\n")
            if end >= 0:
                return self._take(end + 4)[:-4].decode("latin-1")
            bare = self.buffer.find(b"\n\n")
            if bare >= 0:
                return self._take(bare + 2)[:-2].decode("latin-1")
            if len(self.buffer) > HEAD_LIMIT:
                raise Refused(431, "Request header is too large")
            if self.buffer and not self._begun:
                self._begun = True
                self._let_come(self.patience.head)
            if not self._more():
                if self.buffer:
                    raise Refused(400, "Bad request")
                return None

    def _read_body(self, headers: dict[str, str]) -> bytes | None:
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        if coding is None and length is None:
            return None
        uploads = headers.get("content-type", "").lower().startswith("multipart/form-data")
        limit = self.upload_limit if uploads else min(GATEWAY_LIMIT, self.upload_limit)
        if coding is not None:
            if coding.lower() != "chunked" or length is not None:
                raise Refused(400, "Bad request")
            self._invite(headers)
            body = self._read_chunks(limit)
            headers["content-length"] = str(len(body))
            del headers["transfer-encoding"]
            return body
        assert length is not None
        if not (length.isascii() and length.isdigit()):
            raise Refused(400, "Bad request")
        if len(length) > 15 or int(length) > limit:
            raise Refused(413, "Request body is too large")
        self._invite(headers)
        self._fill(int(length))
        return self._take(int(length)) or None

    def _invite(self, headers: dict[str, str]) -> None:
        if headers.get("expect", "").lower() == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _fill(self, length: int) -> None:
        while len(self.buffer) < length:
            if not self._more():
                raise Refused(400, "Bad request")

    def _read_line(self) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > HEAD_LIMIT or not self._more():
                raise Refused(400, "Bad request")
        return self._take(end + 1).strip()

    def _read_chunks(self, limit: int) -> bytes:
        body = bytearray()
        while True:
            size = self._read_line().partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
                raise Refused(400, "Bad request")
            length = int(size, 16)
            if length == 0:
                while self._read_line():  # trailers are not used
                    pass
                return bytes(body)
            if len(body) + length > limit:
                raise Refused(413, "Request body is too large")
            self._fill(length)
            body += self._take(length)
            if self._read_line():
                raise Refused(400, "Bad request")


def head(status: int, headers: Headers) -> bytes:
    """All of a reply but its body."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Unknown')}", f"Date: {_date()}"]
    for name, value in headers.items():
        for each in value if isinstance(value, list) else (value,):
            lines.append(f"{name}: {_one_line(each)}")
    return "\r\n".join([*lines, "\r\n"]).encode("latin-1", "replace")


def bind(host: str, port: int) -> socket.socket:
    """A socket with its address (port 0: a free one). Nobody can connect to it before `start`."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def error(status: int, text: str) -> tuple[int, dict[str, str], bytes]:
    """A reply in the form of the API's own errors."""
    body = json.dumps({"error": text}, separators=(",", ":")).encode()
    return status, {"Content-Type": "application/json; charset=utf-8"}, body


def _request_line(line: str) -> tuple[str, str, str]:
    words = line.split(" ")
    if len(words) != 3 or not METHOD.fullmatch(words[0]) or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise Refused(400, "Bad request")
    method, target, version = words
    if target.startswith(("http://", "https://")):
        target = "/" + target.split("://", 1)[1].partition("/")[2]
    if not target.startswith("/") and target != "*":
        raise Refused(400, "Bad request")
    if not target.isascii():  # these bytes should have been escaped
        target = quote(target.encode("latin-1"), safe="/?#[]@!$&'()*+,;=:%-._~")
    return method, target.partition("#")[0], version


def _fields(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not FIELD_NAME.fullmatch(name):
            raise Refused(400, "Bad request")
        name, value = name.lower(), value.strip(" \t\r")
        if name in headers:
            if name == "content-length" and headers[name] != value:
                raise Refused(400, "Bad request")
            if name != "content-length":
                value = headers[name] + ("; " if name == "cookie" else ", ") + value
        headers[name] = value
    return headers


def _one_line(value: Any) -> str:
    """A header's value without line breaks, which would begin another header."""
    text = str(value)
    return text if "\n" not in text and "\r" not in text else " ".join(text.split())


_today = (0, "")


def _date() -> str:
    """The Date header, made once a second."""
    global _today
    now = int(time.time())
    if _today[0] != now:
        _today = (now, formatdate(now, usegmt=True))
    return _today[1]
