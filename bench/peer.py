"""Another server, as far as the bench needs one: it signs what its people do, and takes what is sent to it.

It runs in the process of the bench, so that the measured server pays for nothing but its own side.
"""

from __future__ import annotations

import ipaddress
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from chalicelib.domain.federation import signatures
from chalicelib.domain.federation.signatures import Outgoing

from .scenarios import World

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
TEXT = "Number {} of the far harbour's news: the ferry is late again, and nobody minds."
AT_ONE_ADDRESS = 250
Document = dict[str, Any]


class Strangers:
    """People of another server. `base`: its scheme and host. Our server knows them once it has learnt `documents`."""

    def __init__(self, base: str, count: int) -> None:
        self.base = base
        self._keys = {f"{base}/users/stranger{number}": rsa.generate_private_key(65_537, 2_048)
                      for number in range(count)}
        self.ids = list(self._keys)
        self._numbers = itertools.count(1)

    def documents(self) -> list[Document]:
        return [{
            "@context": CONTEXT, "id": id, "type": "Person", "preferredUsername": id.rpartition("/")[2],
            "name": "Somebody of the far harbour", "summary": "<p>Keeps the other light.</p>", "inbox": f"{id}/inbox",
            "outbox": f"{id}/outbox", "followers": f"{id}/followers", "following": f"{id}/following",
            "endpoints": {"sharedInbox": f"{self.base}/inbox"}, "published": "2024-05-01T00:00:00Z",
            "publicKey": {"id": f"{id}#main-key", "owner": id, "publicKeyPem": _pem(key)},
        } for id, key in self._keys.items()]

    def activity(self, type: str, by: str, about: Any, **more: Any) -> Document:
        return {"@context": CONTEXT, "id": f"{by}#{type.lower()}s/{next(self._numbers)}", "type": type, "actor": by,
                "object": about, **more}

    def status(self, by: str) -> Document:
        """The Create of a public status with a tag."""
        number = next(self._numbers)
        note = {
            "id": f"{by}/statuses/{number}", "type": "Note", "attributedTo": by, "to": [PUBLIC],
            "cc": [f"{by}/followers"], "content": f'<p>{TEXT.format(number)} <a href="{self.base}/tags/ferry" '
            'class="mention hashtag" rel="tag">#<span>ferry</span></a></p>', "sensitive": False, "attachment": [],
            "published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "url": f"{by}/{number}",
            "tag": [{"type": "Hashtag", "href": f"{self.base}/tags/ferry", "name": "#ferry"}],
        }
        return self.activity("Create", by, note, to=note["to"], cc=note["cc"])

    def reblog(self, by: str, uri: str) -> Document:
        return self.activity("Announce", by, uri, to=[PUBLIC], cc=[f"{by}/followers"],
                             published=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))

    def delivery(self, activity: Document, host: str) -> bytes:
        """The whole request by which the actor's server delivers it to the shared inbox of a host.

        Whoever is not one of these people signs with a key of theirs. Nobody can tell, since their own is not known.
        """
        by = activity["actor"]
        body = json.dumps(activity).encode()
        key = self._keys.get(by, self._keys[self.ids[0]])
        sign = partial(key.sign, padding=padding.PKCS1v15(), algorithm=hashes.SHA256())
        headers = signatures.sign(Outgoing("POST", host, "/inbox", body), f"{by}#main-key", sign)
        lines = ["POST /inbox HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}",
                 *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


def _pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


class Sink:
    """A server that answers 202 to whatever is posted to it. It counts by address, and has as many as are asked for.

    Each address of 127.0.0.0/8 is a host of its own. Only Linux has them all.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.taken: dict[str, int] = {}
        self._counting = threading.Lock()

    def inboxes(self, count: int) -> list[str]:
        """So many, each of another host. The first is that of `base`."""
        return [f"{self.base}/inbox",
                *(f"http://127.0.{1 + number // AT_ONE_ADDRESS}.{1 + number % AT_ONE_ADDRESS}:{self.port}/inbox"
                  for number in range(count - 1))]

    def count(self, inbox: str) -> None:
        with self._counting:
            self.taken[inbox] = self.taken.get(inbox, 0) + 1


@contextmanager
def sink() -> Iterator[Sink]:
    taking: Sink

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            taking.count(f"http://{self.headers.get('Host')}{self.path}")
            self._answer(202)

        def do_GET(self) -> None:
            self._answer(404)

        def _answer(self, status: int) -> None:
            self.send_response_only(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    class Listener(ThreadingHTTPServer):
        request_queue_size = 256

        def verify_request(self, request: Any, client_address: Any) -> bool:
            """Nobody else's machine is answered, although it listens at all addresses of this one."""
            return ipaddress.ip_address(client_address[0]).is_loopback

    server = Listener(("", 0), Handler)
    taking = Sink(server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield taking
    finally:
        server.shutdown()
        server.server_close()


# What `costs.py` measures. The world has the strangers, the host of our server, and statuses of ours. Of the strangers
# the first has a reader here, the last has none.


def _deliveries(world: World, made: Iterator[Document]) -> Iterator[bytes]:
    peer: Strangers = world["strangers"]
    return (peer.delivery(activity, world["host"]) for activity in made)


def _favourites(world: World) -> Iterator[bytes]:
    peer: Strangers = world["strangers"]
    return _deliveries(world, (peer.activity("Like", peer.ids[0], uri) for uri in world["uris"]))


def _reblogs(world: World) -> Iterator[bytes]:
    peer: Strangers = world["strangers"]
    return _deliveries(world, (peer.reblog(peer.ids[0], uri) for uri in world["uris"]))


def _statuses(who: int) -> Callable[[World], Iterator[bytes]]:
    def made(world: World) -> Iterator[bytes]:
        peer: Strangers = world["strangers"]
        return _deliveries(world, (peer.status(peer.ids[who]) for _ in itertools.count()))

    return made


def _follows(world: World) -> Iterator[bytes]:
    peer: Strangers = world["strangers"]
    return _deliveries(world, (peer.activity("Follow", by, world["followed"]) for by in peer.ids[:-1]))


def _again(world: World) -> Iterator[bytes]:
    peer: Strangers = world["strangers"]
    return itertools.repeat(peer.delivery(peer.activity("Like", peer.ids[0], world["uris"][0]), world["host"]))


def _ends(world: World) -> Iterator[bytes]:
    """Of accounts that nobody here has heard of. A server tells of them whoever it knows."""
    peer: Strangers = world["strangers"]
    for number in itertools.count():
        gone = f"{peer.base}/users/gone{number}"
        told = peer.activity("Delete", gone, gone, to=[PUBLIC])
        yield peer.delivery(told, world["host"])


RELATED = {"status, one reader here": _statuses(0), "favourite": _favourites, "reblog, one reader here": _reblogs,
           "follow": _follows}
UNRELATED = {"status that concerns nobody here": _statuses(-1), "an activity that came before": _again,
             "end of an account that is not known": _ends}
STRANGERS = 24
STATUSES = 40
