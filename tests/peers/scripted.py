"""A scripted peer: another server in the process of the tests, that speaks as a test tells it.

    with scripted.serving(spelt=MASTODON) as far:
        bob = far.actor("bob")                       far.url + "/users/bob", with key, webfinger and inbox
        note = far.note(bob, "hello")                served as well
        far.answers["/slow"] = slowly(3)             or anything else: a document, a status, a function
        far.received                                 what was posted to it, in order; far.asked: every request
        far.sends(activity, by=bob)                  delivers to us, signed as a server of this kind signs
        far.asks("/users/alice", by=bob)             a signed GET of ours
        far.keys[bob["id"]] = key_pair("wrong")      from now on bob signs with another key than he shows

It checks no signature by itself: `far.is_signed(request, pem)` does, by code of its own.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from chalicelib.settings import settings
from tests import cast as answers
from tests.peers.spelling import MASTODON, Asking, Spelling, headers_of, key_pair, pem_of

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TYPE = "application/activity+json; charset=utf-8"
Document = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request that came. `headers`: by lower-case name."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def json(self) -> Document:
        found: Document = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Reply:
    """What it answers instead of a document."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long it takes before anything comes."""


Answer = Document | Reply | Callable[[Asked], "Reply | Document"]


def slowly(seconds: float, body: bytes = b"") -> Reply:
    return Reply(200, body, {"Content-Type": TYPE}, seconds)


def redirecting(to: str, status: int = 302) -> Reply:
    return Reply(status, headers={"Location": to})


def typed(content_type: str, document: Document) -> Reply:
    """A document with another content type."""
    return Reply(200, json.dumps(document).encode(), {"Content-Type": content_type})


class Peer:
    """One other server. `answers`: by path, or by path and query."""

    def __init__(self, host: str, spelt: Spelling, base: str = "") -> None:
        self.host, self.spelt = host, spelt
        self.url = base or f"http://{host}"
        self.answers: dict[str, Answer] = {"/.well-known/webfinger": self._webfinger}
        self.named: dict[str, str] = {}
        """Webfinger: the address of the actor, by resource."""
        self.asked: list[Asked] = []
        self.keys: dict[str, rsa.RSAPrivateKey] = {}
        """What signs, by address of the actor."""
        self._serial = 0

    # What it serves.

    def actor(self, name: str, **changes: Any) -> Document:
        """An actor with its key, its name by webfinger, and its inbox. `changes`: other values; None leaves one out."""
        id = changes.get("id") or f"{self.url}/users/{name}"
        self.keys[id] = key_pair(id)
        document = {
            "@context": CONTEXT, "id": id, "type": "Person", "preferredUsername": name, "name": name.title(),
            "summary": f"<p>This is {name}.</p>", "url": f"{self.url}/@{name}", "inbox": f"{id}/inbox",
            "outbox": f"{id}/outbox", "followers": f"{id}/followers", "following": f"{id}/following",
            "endpoints": {"sharedInbox": f"{self.url}/inbox"}, "manuallyApprovesFollowers": False,
            "discoverable": True, "published": "2024-05-01T00:00:00Z",
            "publicKey": {"id": self.key_id(id), "owner": id, "publicKeyPem": pem_of(self.keys[id])},
        }
        document = {key: value for key, value in (document | changes).items() if value is not None}
        self.serve(document)
        if self.spelt.key.startswith("/"):  # the key has an address of its own, where a stub of the actor is
            kept = ("@context", "id", "type", "preferredUsername", "publicKey")
            self.answers[urlsplit(self.key_id(id)).path] = {key: document[key] for key in kept if key in document}
        self.named[f"acct:{name}@{self.host}"] = id
        return document

    def note(self, by: Document, content: str, **changes: Any) -> Document:
        """A public note, or what `changes` make of it."""
        document = {
            "@context": CONTEXT, "id": f"{by['id']}/statuses/{self._next()}", "type": "Note",
            "attributedTo": by["id"], "content": f"<p>{content}</p>", "published": now(), "to": [PUBLIC],
            "cc": [by.get("followers")], "tag": [], "attachment": [], "sensitive": False,
        }
        document = {key: value for key, value in (document | changes).items() if value is not None}
        return self.serve(document)

    def activity(self, type: str, by: Document, about: Any, **changes: Any) -> Document:
        """An activity, not served. `about`: the object, or its address."""
        document = {"@context": CONTEXT, "id": f"{by['id']}#{type.lower()}s/{self._next()}", "type": type,
                    "actor": by["id"], "object": about, **changes}
        return {key: value for key, value in document.items() if value is not None}

    def serve(self, document: Document) -> Document:
        """Serve a document at the address that it names as its own."""
        self.answers[urlsplit(document["id"]).path] = document
        return document

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    # What it received.

    @property
    def received(self) -> list[Asked]:
        """What was posted to it, in order."""
        return [each for each in self.asked if each.method == "POST"]

    def is_signed(self, request: Asked, pem: str) -> bool:
        """Whether a request to this server bears the signature of this key, by the draft as all speak it."""
        parameters = dict(part.split("=", 1) for part in request.headers.get("signature", "=").split(","))
        values = {**request.headers, "host": self.host,
                  "(request-target)": f"{request.method.lower()} {request.target}"}
        names = parameters.get("headers", '""')[1:-1].split()
        text = "\n".join(f"{name}: {values.get(name)}" for name in names)
        key = load_pem_public_key(pem.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        try:
            key.verify(base64.b64decode(parameters.get("signature", '""')[1:-1]), text.encode(), padding.PKCS1v15(),
                       hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    # What it sends.

    def key_id(self, actor_id: str) -> str:
        return actor_id + self.spelt.key

    def headers_for(self, method: str, target: str, body: bytes = b"", *, by: Document | str,
                    at: float | None = None) -> dict[str, str]:
        """The headers of a request to this server of ours, signed as a server of this kind does."""
        id = by if isinstance(by, str) else by["id"]
        asking = Asking(method, settings.host, target, body, at=at)
        return headers_of(asking, self.keys[id], self.key_id(id), self.spelt)

    def sends(self, activity: Document, *, by: Document | str, to: str = "/inbox", **changes: str) -> answers.Reply:
        """Deliver an activity to this server of ours. `changes`: headers that are not as they were signed."""
        body = json.dumps(activity, ensure_ascii=False).encode()
        return answers.call("POST", to, None, body, self.headers_for("POST", to, body, by=by) | changes)

    def asks(self, target: str, *, by: Document | str, accept: str = "application/activity+json") -> answers.Reply:
        """A signed GET of this server of ours."""
        headers = self.headers_for("GET", target, by=by) | {"accept": accept}
        return answers.call("GET", target, None, b"", headers)

    # Answering.

    def answer(self, request: Asked) -> Reply:
        self.asked.append(request)
        found = self.answers.get(request.target, self.answers.get(request.path))
        if callable(found):
            found = found(request)
        if found is None:
            return Reply(202 if request.method == "POST" else 404)
        if isinstance(found, Reply):
            return found
        if request.method == "POST":
            return Reply(202)
        return Reply(200, json.dumps(found).encode(), {"Content-Type": TYPE})

    def _webfinger(self, request: Asked) -> Reply:
        resource = parse_qs(urlsplit(request.target).query).get("resource", [""])[0]
        there = self.named.get(resource)
        if there is None:
            return Reply(404)
        links = [{"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": there},
                 {"rel": "self", "type": "application/activity+json", "href": there}]
        return typed("application/jrd+json; charset=utf-8", {"subject": resource, "aliases": [there], "links": links})


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@contextmanager
def serving(spelt: Spelling = MASTODON, host: str = "127.0.0.1") -> Iterator[Peer]:
    """A server on a free port of this machine. `host`: `localhost` is another server than `127.0.0.1`."""
    peer: Peer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = peer.answer(Asked(self.command, self.path, headers, body))
            time.sleep(reply.seconds)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        def do_POST(self) -> None:
            self.do_GET()

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            """Log nothing: who asks may hang up halfway."""

    server = Server(("127.0.0.1", 0), Handler)
    peer = Peer(f"{host}:{server.server_address[1]}", spelt)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
