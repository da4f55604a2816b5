"""The API as a page for readers: the OpenAPI document, one subject at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import heads
from .engine import rendered
from .visits import Visit

REFERENCE = "#/components/schemas/"
Map = Mapping[str, Any]


@dataclass(frozen=True)
class ShownParameter:
    name: str
    place: str
    shape: str
    required: bool
    text: str


@dataclass(frozen=True)
class ShownOperation:
    """One method of a path. `answers`: each status with what it is and what the body is."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    may: str
    parameters: list[ShownParameter]
    answers: list[tuple[str, str, str]]
    deprecated: bool = False


@dataclass
class ShownShape:
    """An object of the document. `fields`: name, shape and meaning."""

    name: str
    text: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def reference(document: Map, subject: str, *, visit: Visit) -> str:
    """The list of subjects, or a subject with its operations and the shapes that they name."""
    subjects = {each["name"]: each.get("description", "") for each in document["tags"]}
    shown = subject if subject in subjects else ""
    operations = list(_operations(document, shown)) if shown else []
    title = f"The API: {shown.replace('_', ' ')}" if shown else "The API"
    return rendered("api/reference.html", visit=visit, head=heads.plain(title, robots="noindex"), title=title,
                    subjects=subjects, subject=shown, operations=operations,
                    shapes=_shapes(document, shown) if shown else [], version=document["info"]["version"])


def _operations(document: Map, subject: str) -> Iterator[ShownOperation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            if subject in said["tags"]:
                yield _operation(path, method, said)


def _operation(path: str, method: str, said: Map) -> ShownOperation:
    parameters = [ShownParameter(each["name"], each["in"], shape_of(each["schema"]), bool(each.get("required")),
                                 each.get("description", "")) for each in said.get("parameters", ())]
    answers = [(status, reply["description"], _body(reply)) for status, reply in said["responses"].items()]
    return ShownOperation(
        said["operationId"], method.upper(), path, said["summary"], said.get("description", ""), _who(said["security"]),
        parameters + list(_in_body(said)), answers, bool(said.get("deprecated")))


def _who(security: Iterable[Map]) -> str:
    """Who may ask: what the token must allow, or that none is needed."""
    allowed = [" and ".join(scopes) or "signed in" for each in security for name, scopes in each.items()
               if name == "oauth"]
    return ", or ".join(dict.fromkeys(allowed)) or "everybody"


def _in_body(said: Map) -> Iterator[ShownParameter]:
    """The parameters that a form or a JSON body has; each kind of body has the same."""
    kinds = said.get("requestBody", {}).get("content", {})
    schema: Map = next((each["schema"] for each in kinds.values()), {})
    for name, each in schema.get("properties", {}).items():
        yield ShownParameter(name, "body", shape_of(each), name in schema.get("required", ()),
                             each.get("description", ""))


def _body(reply: Map) -> str:
    """What the body of a reply is, by kind."""
    found = [shape_of(each["schema"]) if kind.endswith("json") else kind
             for kind, each in reply.get("content", {}).items()]
    return " or ".join(dict.fromkeys(found))


def shape_of(schema: Map) -> str:
    """A schema in words: `list of Status`, `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(map(shape_of, schema[key])))
    if "enum" in schema:
        return " or ".join(str(each) for each in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {shape_of(schema.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _shapes(document: Map, subject: str) -> list[ShownShape]:
    """The objects that the operations of a subject name, and what these have."""
    known = document.get("components", {}).get("schemas", {})
    named = {name for methods in document["paths"].values() for said in methods.values() if subject in said["tags"]
             for name in _named(said)}
    return [_shape(name, known[name]) for name in sorted(named) if name in known]


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key == "$ref":
                yield str(value).removeprefix(REFERENCE)
            else:
                yield from _named(value)
    elif isinstance(part, list):
        for each in part:
            yield from _named(each)


def _shape(name: str, schema: Map) -> ShownShape:
    fields = schema.get("properties", {}).items()
    return ShownShape(name, schema.get("description", ""), [
        (each, shape_of(said), said.get("description", "")) for each, said in fields])
