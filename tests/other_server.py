"""Another server: a small one on this machine that answers what a test wants.

    with serving({"/new": (200, b"{}")}) as server:     server.url, server.asked
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, bytes] | tuple[int, bytes, Mapping[str, str]] | Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Other:
    url: str
    port: int
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers (names in lower case) of every request."""
    bodies: list[bytes] = field(default_factory=list)
    """What was posted."""


@contextmanager
def serving(answers: Mapping[str, Answer], *, tls: ssl.SSLContext | None = None,
            name: str = "127.0.0.1") -> Iterator[Other]:
    """Serve these paths. Every other path is a 404."""
    other = Other("", 0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            other.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.do_GET()

        def do_GET(self) -> None:
            other.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
            answer = answers.get(self.path, (404, b""))
            if callable(answer):
                answer(self)
                return
            status, body, *headers = answer
            self.send_response(status)
            for key, value in (headers[0] if headers else {}).items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            """Log nothing: clients here hang up halfway on purpose."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    other.port = server.server_address[1]
    other.url = f"{'https' if tls else 'http'}://{name}:{other.port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield other
    finally:
        server.shutdown()
        server.server_close()


def dripping(text: bytes, every: float) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer that comes byte by byte."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        for number in range(len(text)):
            handler.wfile.write(text[number:number + 1])
            handler.wfile.flush()
            time.sleep(every)

    return answer
