"""The HTTP server: does for a Chalice app in this process what the deployed edge and the CDN before it do.

Each connection has a thread, and there are at most `MOST_CONNECTIONS`. A request becomes the event that Lambda would
get, and goes in by the same door. What the CDN answers by itself when deployed (files, bodies that are too large) is
answered here. A connection that asks for a stream leaves the server: `sockets/` carries it on.
"""

import base64
import contextlib
import socket
import threading
import time
import traceback
import uuid
from dataclasses import dataclass

from chalice.app import Chalice
from chalice.local import LocalChalice

from chalicelib.web.door import Door
from chalicelib.web.edge import ON_EVERY_REPLY
from chalicelib.web.request import HERE, new_or_sent

from . import http
from .ending import Essential
from .files import Files
from .mailbox import Mailbox
from .sockets.gateway import Gateway
from .turned_away import TurnedAway

MAILBOX_PAGE = {
    "Content-Security-Policy": "default-src 'none';style-src 'unsafe-inline';img-src * data:;frame-src 'self'"
}
LAMBDA_SECONDS = 29.0
MOST_CONNECTIONS = 64
TOO_MANY = http.error(503, "Too many connections")
UPLOAD_MARGIN = 1_000_000  # what a form may have beside a file of the largest size

Reply = tuple[int, http.Headers, bytes]


class Context:
    """What Lambda passes with the event."""

    function_name = "api_handler"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:api_handler"

    def __init__(self, seconds: float = LAMBDA_SECONDS) -> None:
        self.aws_request_id = str(uuid.uuid4())
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> float:
        return (self._end - time.monotonic()) * 1000


@dataclass(frozen=True)
class Beside:
    """What answers at the same port without the application, or has it answer in another way."""

    files: Files | None = None
    mailbox: Mailbox | None = None
    gateway: Gateway | None = None


class Server:
    """Serves a Chalice app on the socket that `http.bind` gave, from `start` to `stop`."""

    def __init__(
        self,
        app: Chalice,
        listener: socket.socket,
        *,
        upload_limit: int = http.GATEWAY_LIMIT,
        beside: Beside | None = None,
        patience: http.Patience = http.PATIENCE,
    ) -> None:
        self.door = Door(_threaded(app))
        self.upload_limit = upload_limit
        self.beside = beside or Beside()
        self.patience = patience
        self._listener = listener
        self._turned_away = TurnedAway()
        self._open: set[socket.socket] = set()
        self._busy = 0
        self._change = threading.Condition()
        self._stopping = False

    def start(self) -> "Server":
        self._listener.listen(512)
        self._turned_away.start()
        Essential(target=self._accept, name="accept", daemon=True).start()
        return self

    def stop(self, within: float = 2.5) -> None:
        """Accept no new connections, let what runs finish, then close."""
        self._stopping = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread; closing alone does not
        self._listener.close()
        self._turned_away.stop()
        with self._change:
            self._change.wait_for(lambda: not self._busy, within)
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._stopping:
            try:
                sock, address = self._listener.accept()
            except OSError:
                if self._stopping:
                    return
                time.sleep(0.05)  # there are no descriptors left; some will be free later
                continue
            if self._has_room_for(sock):
                threading.Thread(target=self._serve, args=(sock, address[0]), daemon=True).start()
            else:
                self._turn_away(sock)

    def _has_room_for(self, sock: socket.socket) -> bool:
        with self._change:
            if len(self._open) >= MOST_CONNECTIONS:
                return False
            self._open.add(sock)
            return True

    def _turn_away(self, sock: socket.socket) -> None:
        """Refuse it before anything is read. A new connection takes a short reply without waiting for the client."""
        status, about, body = TOO_MANY
        headers = {"Retry-After": "1", "X-Request-Id": new_or_sent(None), "Connection": "close"}
        with contextlib.suppress(OSError):
            http.Connection(sock).write(status, ON_EVERY_REPLY | about | headers, body)
        self._turned_away.add(sock)

    def _serve(self, sock: socket.socket, address: str) -> None:
        try:
            with contextlib.closing(http.Connection(sock, self.upload_limit, self.patience)) as connection:
                while not self._stopping and self._serve_one(connection, address):
                    pass
        except OSError:
            sock.close()  # the client has left, or was silent for too long
        finally:
            with self._change:
                self._open.discard(sock)

    def _serve_one(self, connection: http.Connection, address: str) -> bool:
        """Answer the next request. False if the connection has to end."""
        try:
            request = connection.read()
        except http.Refused as refusal:
            status, about, body = http.error(refusal.status, refusal.error)
            ending = {"X-Request-Id": new_or_sent(None), "Connection": "close"}
            connection.write(status, ON_EVERY_REPLY | about | ending, body)
            return False
        if request is None:
            return False
        with self._change:
            self._busy += 1
        try:
            reply = self._answer(request, address, connection)
            if reply is None:
                return False
            keep = request.keep_alive and not self._stopping
            headers: http.Headers = reply[1] if keep else {**reply[1], "Connection": "close"}
            connection.write(reply[0], headers, reply[2], head_only=request.method == "HEAD")
            return keep
        finally:
            with self._change:
                self._busy -= 1
                if not self._busy:
                    self._change.notify_all()

    def _answer(self, request: http.Request, address: str, connection: http.Connection) -> Reply | None:
        """The reply. None: the connection goes on as one of another kind, and is no longer the server's."""
        if (gateway := self.beside.gateway) is not None and gateway.takes(request):
            refusal = gateway.answer(request, address, connection)
            return refusal and self._own(refusal, request)
        if request.method in ("GET", "HEAD"):
            found = self.door.routes.find(request.path)
            own = self._file_or_mailbox(request, literal=bool(found and not found[1]))
            if own is not None:
                return self._own(own, request)
        try:
            return self._through_the_door(request, address)
        except Exception:  # noqa: BLE001  (as the edges of AWS do: 500, and the server goes on)
            traceback.print_exc()
            return self._own(http.error(500, "Something went wrong"), request)

    def _own(self, reply: tuple[int, dict[str, str], bytes], request: http.Request) -> Reply:
        """A reply that is not the application's, with the headers that every reply has."""
        identifier = {"X-Request-Id": new_or_sent(request.headers.get("x-request-id"))}
        return reply[0], ON_EVERY_REPLY | reply[1] | identifier, reply[2]

    def _file_or_mailbox(self, request: http.Request, *, literal: bool) -> tuple[int, dict[str, str], bytes] | None:
        files, mailbox = self.beside.files, self.beside.mailbox
        if mailbox is not None and request.path == "/dev/mailbox.json":
            return 200, {"Content-Type": "application/json; charset=utf-8"}, mailbox.as_json().encode()
        if mailbox is not None and request.path == "/dev/mailbox":
            return 200, MAILBOX_PAGE | {"Content-Type": "text/html; charset=utf-8"}, mailbox.as_html().encode()
        if files is None or literal:
            return None
        return files.answer(request.target, request.headers)

    def _through_the_door(self, request: http.Request, address: str) -> Reply:
        path, _, query = request.target.partition("?")
        context = Context()
        answer = self.door({
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query,
            "headers": request.headers,
            "requestContext": {
                "domainName": HERE,
                "requestId": context.aws_request_id,
                "http": {"method": request.method, "path": path, "sourceIp": address},
            },
            "body": request.body,
            "isBase64Encoded": False,
        }, context)
        body = answer["body"]
        raw = base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()
        headers: http.Headers = answer["headers"]
        if "cookies" in answer:
            headers = {**headers, "Set-Cookie": answer["cookies"]}
        if raw and not any(name.lower() == "content-type" for name in headers):
            headers = {**headers, "Content-Type": "application/json"}
        return answer["statusCode"], headers, raw


def _threaded(app: Chalice) -> Chalice:
    """The same app, but `current_request` is that of the present thread."""
    if not isinstance(app, LocalChalice):
        app.__class__ = type("LocalApp", (LocalChalice, app.__class__), {})
    return app
