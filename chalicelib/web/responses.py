"""What an endpoint may answer: each status with its media types and their schemas, for the OpenAPI document.

What the endpoint itself answers stands in its return type. What is refused follows from the declaration
(`Endpoint.refused`).
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin

from .auth import Need
from .faults import is_for_programs
from .kinds import Schema
from .paging import Paged
from .replies import As, Empty, Html, NoContent, Redirect, Reply
from .schemas import Schemas

if TYPE_CHECKING:
    from .endpoint import Endpoint

JSON, HTML = "application/json", "text/html"
ERROR_REPLY = "ErrorReply"
ERROR: Schema = {
    "type": "object", "required": ["error"],
    "description": "`error` says for people what went wrong, `identifier` says it for programs. `errors` has an entry "
                   "for each parameter that was wrong. `name` and `redirect_uris` repeat what is wrong with these "
                   "parameters of an app. `unexpected_accounts` are those whom a status would have addressed. "
                   "`details` says what is wrong with a sign-up, by parameter. The rest are of OAuth.",
    "properties": {
        "error": {"type": "string"}, "identifier": {"type": "string"},
        "name": {"type": "string"}, "redirect_uris": {"type": "string"},
        "errors": {"type": "array", "items": {
            "type": "object", "required": ["title", "message", "source"],
            "properties": {
                "title": {"type": "string"}, "message": {"type": "string"},
                "source": {"type": "object", "required": ["pointer"], "properties": {"pointer": {"type": "string"}}},
            },
        }},
        "unexpected_accounts": {"type": "array", "items": {"type": "object"}},
        "details": {"type": "object", "additionalProperties": {"type": "array", "items": {
            "type": "object", "required": ["error", "description"],
            "properties": {"error": {"type": "string"}, "description": {"type": "string"}}}}},
        "error_description": {"type": "string"},
        "mfa_token": {"type": "string"}, "supported_challenge_types": {"type": "string"},
    },
}
_REFUSED: Schema = {"$ref": f"#/components/schemas/{ERROR_REPLY}"}
_PAGE: Schema = {"type": "string"}
_HEADERS = {
    "Link": {"schema": {"type": "string"}, "description": "`next` and `prev` pages"},
    "Location": {"schema": {"type": "string"}},
}


class _Form(NamedTuple):
    """One form of a reply. Without `kinds` it has no body."""

    statuses: tuple[int, ...]
    kinds: tuple[str, ...]
    shape: Any


def responses_of(declared: Endpoint, schemas: Schemas) -> dict[str, Any]:
    """The responses of an operation, by status."""
    contents: dict[int, dict[str, list[Schema]]] = {}
    for form in _forms(declared.returns):
        for status in form.statuses:
            by_kind = contents.setdefault(status, {})
            for kind in form.kinds:
                by_kind.setdefault(kind, []).append(schemas.of(form.shape))
    for status in declared.refused:
        contents.setdefault(status, {}).setdefault(JSON, []).append(_REFUSED)
        if not is_for_programs(declared.path):
            contents[status].setdefault(HTML, []).append(_PAGE)
    if declared.shared and HTML in contents.get(200, ()) and declared.path != "/":
        contents.setdefault(301, {})  # without a slash at the end
    if declared.shared:
        contents.setdefault(304, {})
    if declared.auth.need is Need.SESSION and declared.method == "GET":
        contents.setdefault(302, {})  # to the sign-in page
    is_paged = _bare(declared.returns) is Paged or (declared.paged and _bare(declared.returns) is Reply)
    return {str(status): _response(status, contents[status], is_paged=is_paged) for status in sorted(contents)}


def _response(status: int, by_kind: dict[str, list[Schema]], *, is_paged: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if by_kind:
        shown["content"] = {kind: {"schema": _any_of(schemas)} for kind, schemas in by_kind.items()}
    names = ["Link"] if status == 200 and is_paged else ["Location"] if status // 100 == 3 else []
    return shown | ({"headers": {name: _HEADERS[name] for name in names}} if names else {})


def _any_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _forms(returns: Any, noted: As | None = None) -> Iterator[_Form]:
    """The forms that a return type tells of. `noted`: what is noted around it."""
    shape = returns
    if get_origin(returns) is Annotated:
        shape, *notes = get_args(returns)
        noted = next((note for note in notes if isinstance(note, As)), noted)
    if get_origin(shape) in (Union, types.UnionType) and any(map(_is_reply, get_args(shape))):
        for each in get_args(shape):
            yield from _forms(each, noted)
        return
    noted = noted or As()
    bare = _bare(shape)
    if isinstance(bare, type) and issubclass(bare, (Empty, Redirect)):
        usual = 204 if issubclass(bare, NoContent) else 302 if issubclass(bare, Redirect) else 200
        yield _Form(noted.statuses or (usual,), (), None)
    elif bare is Html:
        yield _Form(noted.statuses or (200,), (HTML,), str)
    else:
        yield _Form(noted.statuses or (200,), noted.kinds, shape)


def _is_reply(annotation: Any) -> bool:
    bare = _bare(annotation)
    return isinstance(bare, type) and issubclass(bare, Reply)


def _bare(annotation: Any) -> Any:
    """The class of a type, without notes and arguments."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return get_origin(annotation) or annotation
