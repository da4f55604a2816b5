"""One request by chance: an operation of the document, who asks, and what is sent in which form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from chalicelib.web.endpoint import Endpoint
from tests.cast import Person, Reply
from tests.fuzz.things import FILE, Things
from tests.fuzz.values import fitting, odd, odd_text

JSON = "application/json"
_MOST_SHOWN = 600
_ODD_TYPES = (JSON, "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
              "text/plain", "application/octet-stream", "application/activity+json", "", "x", JSON + "; charset=utf-16")
_ODD_BODIES = (
    b"", b"{", b"[]", b"null", b"1", b'"text"', b"\xff\xfe", b"{}" * 10, b"[" * 5_000, b"a=b&c", b"%", b"&&&==",
    b'{"a": 1e400}', b'{"a": NaN}', b'{"a": "\\ud800"}', b"--x\r\n", b"--x\r\n\r\n\r\n--x--\r\n", b"\0" * 100,
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nGIF89a\r\n--x--\r\n',
)
_ODD_FILES = (
    ("a.png", b"", "image/png"), ("a.gif", b"GIF89a", "image/gif"), ("é😀", b"\xff\xd8\xff", "x"), FILE, FILE,
    ("a.zip", b"PK\x03\x04" + b"\0" * 60, "application/zip"), ("../a\0", b"<svg onload=alert(1)>", "image/svg+xml"),
)
_ACCEPTS = ("text/html", "application/xml", "application/jrd+json", "*/*;q=0", "x", "application/xrd+xml, */*;q=0.1")


@dataclass
class Operation:
    """An operation of the document, with the declaration that it was made from."""

    method: str
    path: str
    described: dict[str, Any]
    declared: Endpoint

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def schema(self) -> dict[str, Any]:
        """What may be sent, outside of the path, as one object."""
        content = self.described.get("requestBody", {}).get("content", {})
        found: dict[str, Any] = next((each["schema"] for each in content.values()), {"properties": {}})
        listed = [each for each in self.described.get("parameters", ()) if each["in"] == "query"]
        properties = dict(found["properties"])
        properties |= {each["name"].removesuffix("[]"): each["schema"] for each in listed}
        required = [each["name"].removesuffix("[]") for each in listed if each["required"]]
        return {"type": "object", "properties": properties, "required": [*found.get("required", ()), *required]}

    @property
    def steps(self) -> list[str]:
        return [each["name"] for each in self.described.get("parameters", ()) if each["in"] == "path"]


@dataclass
class Call:
    """A request, ready to be sent."""

    by: Person
    method: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)

    def send(self) -> Reply:
        return self.by.request(self.method, self.path, **self.sent)

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.sent!r}"[:_MOST_SHOWN] + f" by {self.by.nickname or 'nobody'}"


def made(operation: Operation, things: Things, random: Random) -> Call:
    """A request of the operation: often a good one but for a thing or two."""
    call = Call(_caller(operation, things, random), operation.method, _path(operation, things, random))
    if random.random() < 0.05:
        call.sent = {"body": random.choice(_ODD_BODIES), "headers": {"Content-Type": random.choice(_ODD_TYPES)}}
        return call
    call.sent = _in_some_form(operation, _values(operation, things, random), random)
    headers = call.sent.setdefault("headers", {})
    if random.random() < 0.1:
        headers["Accept"] = random.choice(_ACCEPTS)
    if random.random() < 0.05:
        headers["Idempotency-Key"] = random.choice(("key", "é", "k" * 2_000, " "))
    return call


def _caller(operation: Operation, things: Things, random: Random) -> Person:
    kind = random.randrange(20)
    if kind < 14:
        return things.caller(operation.declared)
    others = (Person(), Person(), things.app, Person(token="x"), things.alice, things.carol)
    return others[kind - 14]


def _path(operation: Operation, things: Things, random: Random) -> str:
    path = operation.path
    for name in operation.steps:
        kind = random.randrange(10)
        if kind < 8:
            value = things.step(operation.path, name)
        elif kind == 8:
            value = random.choice(("9zzzzzzzzzzzzzzzzz", "1", "0", "unknown", "unread_count", "-1"))
        else:
            value = odd_text(random)[:2_000]
        path = path.replace("{" + name + "}", quote(value, safe="", errors="surrogatepass") or "%20")
    return path


def _values(operation: Operation, things: Things, random: Random) -> dict[str, Any]:
    schema = operation.schema
    values = {}
    for name, member in schema["properties"].items():
        if name not in schema["required"] and random.random() < 0.6:
            continue
        known = things.value(operation.declared, name) if random.random() < 0.9 else None
        values[name] = fitting(random, member) if known is None else known
    names = list(schema["properties"])
    spoil = random.randrange(10)
    if spoil in (3, 4) and values:
        values.pop(random.choice(list(values)))
    elif spoil in (5, 6, 7) and names:
        values[random.choice(names)] = odd(random)
    elif spoil == 8:
        values |= {name: odd(random) for name in names}
    elif spoil == 9:
        values[random.choice(("x", "limit", "offset", "max_id", "access_token", "admin_token"))] = odd(random)
    return values


def _in_some_form(operation: Operation, values: dict[str, Any], random: Random) -> dict[str, Any]:
    """The values as JSON, as a form, as a form with files, or in the query."""
    files = {name: random.choice(_ODD_FILES) for name, schema in operation.schema["properties"].items()
             if name in values and '"binary"' in json.dumps(schema) and random.random() < 0.8}
    if files:
        return {"form": _pairs({name: value for name, value in values.items() if name not in files}), "files": files}
    kind = random.random()
    if kind < (0.15 if operation.method in ("GET", "HEAD") else 0.55):
        return {"json": values}
    pairs = _pairs(values)
    if kind < 0.75 and operation.method not in ("GET", "HEAD"):
        return {"form": pairs}
    return {"params": [(name, value) for name, value in pairs if len(value) < 10_000]}


def _pairs(values: dict[str, Any]) -> list[tuple[str, str]]:
    """The values as names with brackets and texts."""
    return [(name, _sendable(text)) for top, value in values.items() for name, text in _flat(_sendable(top), value)]


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for key, each in value.items() for pair in _flat(f"{name}[{_sendable(key)}]", each)]
    if isinstance(value, list):
        return [pair for each in value[:100] for pair in _flat(f"{name}[]", each)]
    return [(name, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value))]


def _sendable(text: str) -> str:
    """The text as UTF-8 can hold it: lone surrogates are for JSON."""
    return text.encode("utf-8", "replace").decode()
