"""What other servers send to an inbox of ours, signed as they do it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.cast import Person, Reply
from tests.peers.scripted import PUBLIC, Document, Peer

HERE = "http://kenoma.test"
Drain = Callable[[], object]
After = Callable[[float], None]


def sends(peer: Peer, activity: Document | bytes, by: Document | str, path: str = "/inbox",
          **headers: str | None) -> Reply:
    """One delivery. `headers`: others than those that a server of this kind sends; None leaves one out."""
    body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
    signed: dict[str, str | None] = dict(peer.headers_for("POST", path, body, by=by))
    signed |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Person().post(path, body=body, headers={name: value for name, value in signed.items() if value is not None})


def follow(peer: Peer, by: Document, whom: Person, **said: Any) -> Document:
    return peer.activity("Follow", by, uri(whom), **said)


def create(peer: Peer, note: Document, by: Document, **said: Any) -> Document:
    return peer.activity("Create", by, note, **{"to": note.get("to"), "cc": note.get("cc"), **said})


def undo(peer: Peer, what: Document, **said: Any) -> Document:
    return peer.activity("Undo", {"id": what["actor"]}, what, **said)


def uri(person: Person) -> str:
    return f"{HERE}/users/{person.nickname}"


def mention(person: Person) -> Document:
    return {"type": "Mention", "href": uri(person), "name": f"@{person.nickname}"}


def to(*people: Person, public: bool = True) -> Document:
    """Addressing, as values of a note."""
    return {"to": [*([PUBLIC] if public else []), *map(uri, people)], "tag": [mention(each) for each in people]}


def told(person: Person) -> list[tuple[str, str]]:
    """The notifications, the newest first: what, and by whom."""
    return [(each["type"], each["account"]["acct"]) for each in person.get("/api/v1/notifications").json]


def followers(person: Person) -> list[str]:
    return [each["acct"] for each in person.get(f"/api/v1/accounts/{person.id}/followers").json]
