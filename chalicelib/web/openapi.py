"""The OpenAPI document. It is made from the declarations, so that checks and document cannot differ.

`document()` is what `GET /api/openapi` answers.
"""

from __future__ import annotations

import sys
from typing import Any

from ..settings import settings
from . import endpoint, session
from .auth import Auth, Need
from .endpoint import Endpoint, all_parameters, name_of
from .kinds import File
from .params import Parameter, described, schema_of
from .responses import ERROR, ERROR_REPLY, responses_of
from .schemas import Schemas, first_paragraph
from .shapes import Forgiving, Listing, Mapped

VERSION = "0.1.0"
FORMS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1. A path that is below two prefixes is described once."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for declared in sorted(endpoint.DECLARED, key=lambda each: (each.path, each.method)):
        for path in declared.spellings:
            operation = _operation(declared, path, schemas)
            paths.setdefault(path, {})[declared.method.lower()] = operation
            if declared.head:
                paths[path]["head"] = _without_bodies(operation, name_of("HEAD", path))
    return {
        "openapi": "3.1.0",
        "info": {"title": settings.instance_name, "version": VERSION, "description": _ABOUT},
        "servers": [{"url": settings.base_url}],
        "tags": _tags(),
        "paths": paths,
        "components": {"schemas": {ERROR_REPLY: ERROR, **schemas.named}, "securitySchemes": _security_schemes()},
    }


_ABOUT = ("Every parameter may come in the query, as a form (urlencoded or multipart) or as JSON, whatever the method; "
          "the body wins. Every path may end with a slash. What is below /api/pleroma/ is below /api/v1/pleroma/ too, "
          "and the other way round. What stands in front of the server may itself refuse what comes too slowly (408) "
          "or has too long a head (431).")


def _tags() -> list[dict[str, str]]:
    """The subjects. Each is described by the docstring of its folder."""
    packages = {_subject(declared): _package(declared) for declared in endpoint.DECLARED}
    return [{"name": subject, "description": first_paragraph(sys.modules[packages[subject]].__doc__)}
            for subject in sorted(packages)]


def _subject(declared: Endpoint) -> str:
    return _package(declared).rpartition(".")[2].replace("_", " ")


def _package(declared: Endpoint) -> str:
    return declared.function.__module__.rpartition(".")[0]


def _without_bodies(operation: dict[str, Any], name: str) -> dict[str, Any]:
    """The same operation, asked for its headers only."""
    responses = {status: {key: value for key, value in response.items() if key != "content"}
                 for status, response in operation["responses"].items()}
    return operation | {"operationId": name, "responses": responses}


def _operation(declared: Endpoint, path: str, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name_of(declared.method, path), "summary": declared.summary,
        "tags": [_subject(declared)],
        "security": _security(declared.auth),
        "responses": responses_of(declared, schemas),
    }
    if declared.deprecated:
        operation["deprecated"] = True
    if declared.description:
        operation["description"] = declared.description
    parameters = [_in_path(each) for each in declared.in_path]
    own = all_parameters(declared)
    if declared.method in ("GET", "DELETE"):
        parameters += [_in_query(each) for each in own]
    elif own:
        body = schema_of(own)
        has_files = any(isinstance(each.kind, File) for each in own)
        kinds = FORMS[2:] if has_files and all(each.required for each in own) else FORMS
        operation["requestBody"] = {"content": {kind: {"schema": body} for kind in kinds},
                                    "required": any(each.required for each in own)}
    if declared.paged:
        parameters += _paging(declared)
    return operation | ({"parameters": parameters} if parameters else {})


def _in_path(parameter: Parameter) -> dict[str, Any]:
    return _parameter(parameter, "path") | {"required": True}


def _in_query(parameter: Parameter) -> dict[str, Any]:
    shown = _parameter(parameter, "query") | {"required": parameter.required}
    kind = parameter.kind.kind if isinstance(parameter.kind, Forgiving) else parameter.kind
    if isinstance(kind, Listing):
        return shown | {"name": f"{parameter.name}[]", "style": "form", "explode": True}
    if isinstance(kind, Mapped):
        return shown | {"style": "deepObject", "explode": True}
    return shown


def _parameter(parameter: Parameter, place: str) -> dict[str, Any]:
    schema = {key: value for key, value in described(parameter).items() if key != "description"}
    shown: dict[str, Any] = {"name": parameter.name, "in": place, "schema": schema}
    return shown | ({"description": parameter.description} if parameter.description else {})


def _paging(declared: Endpoint) -> list[dict[str, Any]]:
    cursors = {"max_id": "Older than this id", "since_id": "Newer than this id, newest first page",
               "min_id": "Directly newer than this id"}
    shown: list[dict[str, Any]] = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": meaning}
        for name, meaning in cursors.items()
    ]
    limit = {"type": "integer", "default": declared.sizes.default, "maximum": declared.sizes.most}
    return [*shown, {"name": "limit", "in": "query", "required": False, "schema": limit}]


# Who may call.


def _security(auth: Auth) -> list[dict[str, list[str]]]:
    if auth.need is Need.NOBODY:
        return [{}]
    if auth.need is Need.APP:
        return [{"app": []}]
    if auth.need is Need.SESSION:
        return [{"session": []}, {"oauth": list(auth.scopes)}]
    wanted = [list(auth.scopes)] if auth.all_of else [[scope] for scope in auth.accepted]
    ways = [{"oauth": scopes} for scopes in wanted or [[]]] + [{"basic": list[str]()}]
    if auth.need is Need.ADMIN:
        ways.append({"admin": []})
    if auth.need is Need.EITHER:
        ways.append({"app": []})
    return [*ways, {}] if auth.need is Need.MAYBE else ways


def _security_schemes() -> dict[str, Any]:
    scopes = {scope: scope for scope in sorted({each for one in endpoint.DECLARED for each in one.auth.accepted})}
    token = f"{settings.base_url}/oauth/token"
    authorize = f"{settings.base_url}/oauth/authorize"
    code = {"authorizationUrl": authorize, "tokenUrl": token, "scopes": scopes}
    return {
        "oauth": {"type": "oauth2", "flows": {
            "authorizationCode": code, "password": {"tokenUrl": token, "scopes": scopes}}},
        "app": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": token, "scopes": {}}}},
        "basic": {"type": "http", "scheme": "basic"},
        "session": {"type": "apiKey", "in": "cookie", "name": session.NAME},
        "admin": {"type": "apiKey", "in": "header", "name": "X-Admin-Token"},
    }
