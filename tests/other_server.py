"""Another server: a small one on this machine that answers what a test wants.

    with serving({"/new": (200, b"{}")}) as server:     server.url, server.asked
"""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

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


ELSEWHERE, ADDRESS_THERE = "elsewhere.example", "93.184.216.34"


def wired(monkeypatch: pytest.MonkeyPatch, ports: dict[int, int]) -> dict[int, int]:
    """Let ports of this machine stand for ports of `elsewhere.example`, which has a public address."""
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def resolved(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host == ELSEWHERE:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ADDRESS_THERE, port))]
        return resolve(host, port, *args, **more)

    def connected(address: tuple[str, int], *args: Any, **more: Any) -> socket.socket:
        return connect(("127.0.0.1", ports[address[1]]) if address[0] == ADDRESS_THERE else address)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr("urllib3.util.connection.create_connection", connected)
    return ports


def secured(monkeypatch: pytest.MonkeyPatch, folder: Path) -> ssl.SSLContext:
    """What `elsewhere.example` needs to serve by https. This machine trusts its certificate."""
    signed = certificate(ELSEWHERE, folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(signed))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(signed)
    return server


def certificate(name: str, folder: Path) -> Path:
    """A key and a certificate for the name, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file
