"""Every reply that a test gets is held against the OpenAPI document.

The operation must be known, and list the status; the media type must be listed, and the body must fit the schema. Here
the schemas are stricter than in the document: an object has no keys but those that are described.

KENOMA_TEST_DOCUMENT=off leaves it out, which shows what it costs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson

OFF = os.environ.get("KENOMA_TEST_DOCUMENT") == "off"
CRASHED = (500, '{"error":"Something went wrong"}')
_METHODS = ("get", "post", "put", "patch", "delete", "head")
_MOST_TOLD = 3


class Disagreement(AssertionError):
    """A reply is not as the document says."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check(method: str, path: str, status: int, content_type: str, body: str) -> None:
    """Raise Disagreement if the operation of `path`, a template, may not answer so."""
    if OFF or (_breaking and (status, body) == CRASHED):
        return
    where = f"{method} {path} -> {status} {content_type}"
    responses = _operations().get((method, path))
    if responses is None:
        raise Disagreement(status, f"{where}: the document does not know the operation")
    if status not in responses:
        raise Disagreement(status, f"{where}: the document lists {sorted(responses)}: {body[:200]}")
    schemas = responses[status]
    if not body:
        return
    kind = content_type.partition(";")[0].strip()
    if kind not in schemas:
        raise Disagreement(status, f"{where}: the document lists {sorted(schemas) or 'no body'}: {body[:200]}")
    validator = schemas[kind]
    value = orjson.loads(body) if _is_json(kind) else body
    if not validator.is_valid(value):
        faults = "; ".join(_told(validator, value))
        raise Disagreement(status, f"{where}: {faults}: {body[:300]}")


@contextmanager
def breaking() -> Iterator[None]:
    """For tests that break something: inside, a reply may be a failure of ours, which no operation lists."""
    _breaking.append(True)
    try:
        yield
    finally:
        _breaking.pop()


_breaking: list[bool] = []


def _told(validator: Any, value: Any) -> Iterator[str]:
    for count, fault in enumerate(validator.iter_errors(value)):
        if count == _MOST_TOLD:
            return
        place = "/".join(map(str, fault.instance_path))
        yield f"/{place} {fault.message[:300]}"


def _is_json(kind: str) -> bool:
    return kind == "application/json" or kind.endswith("+json")


Responses = dict[int, dict[str, Any]]


@lru_cache(maxsize=1)
def _operations() -> dict[tuple[str, str], Responses]:
    """By method and path: by status: by media type: what checks a body."""
    from app import app  # all endpoints are declared once this is imported
    from chalicelib.web import openapi
    from chalicelib.web.endpoint import mirror_of

    document = json.loads(json.dumps(openapi.document()))
    components = {"schemas": _closed(document["components"]["schemas"])}
    found = {(method.upper(), path): _responses(operation, components)
             for path, item in document["paths"].items() for method, operation in item.items() if method in _METHODS}
    found |= {(method, mirror_of(path)): responses for (method, path), responses in found.items() if mirror_of(path)}
    assert {path for _, path in found} == set(app.routes), "a test has its own endpoints: ask before it begins"
    return found


def _responses(operation: dict[str, Any], components: dict[str, Any]) -> Responses:
    return {int(status): {kind: _validator(json.dumps(content["schema"]), components)
                          for kind, content in response.get("content", {}).items()}
            for status, response in operation["responses"].items()}


_validators: dict[str, Any] = {}


def _validator(schema: str, components: dict[str, Any]) -> Any:
    """What checks a body. Many operations share one."""
    if schema not in _validators:
        _validators[schema] = jsonschema_rs.validator_for({**_closed(json.loads(schema)), "components": components})
    return _validators[schema]


def _closed(schema: Any) -> Any:
    """The schema, with objects that have none but the described keys."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed
