"""The OpenAPI document says what the declarations say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from openapi_spec_validator import validate

from chalicelib import endpoints
from chalicelib.domain.viewer import Viewer
from chalicelib.web import endpoint as endpoint_module
from chalicelib.web import openapi
from chalicelib.web.auth import admin, app_token, optional, public, signed_in
from chalicelib.web.body import SentFile
from chalicelib.web.endpoint import endpoint
from chalicelib.web.limits import TIMELINE
from chalicelib.web.paging import Page, Paged
from chalicelib.web.params import DateTime, Flag, FlakeId, Flat, Loose, MaxLength, Named
from chalicelib.web.replies import As, Empty, Html, NoContent, Redirect, Reply


class Field(TypedDict):
    name: str


class Thing(TypedDict):
    """Something."""

    id: str
    kind: Literal["a", "b"]
    parent: Thing | None
    fields: list[Field]
    more: dict[str, Any]
    text: NotRequired[str]


@dataclass
class Poll:
    options: list[str]
    expires_in: int | None = None


@dataclass
class NewThing:
    title: Annotated[str, "What it is called.", MaxLength(9)]
    poll: Poll | None = None
    at: DateTime | None = None


@pytest.fixture
def document(site) -> dict[str, Any]:
    @endpoint("GET", "/things", auth=optional("read:things"), limits=(TIMELINE,))
    def index(viewer: Viewer | None, page: Page, ids: list[str] | None = None, local: Annotated[Flag, "Ours."] = False,
              data: dict[str, Any] | None = None) -> Paged[Thing]:
        """All of them.

        In detail.
        """
        raise NotImplementedError

    @endpoint("POST", "/things", auth=signed_in("write", "follow"))
    def create(viewer: Viewer, new: Flat[NewThing]) -> Thing:
        """A new one."""
        raise NotImplementedError

    @endpoint("PUT", "/things/{id}/file", auth=signed_in("write", "read", all_of=True))
    def upload(id: FlakeId, file: SentFile, share: Annotated[Loose[str], Named("share-it")] = None) -> Reply[Thing]:
        raise NotImplementedError

    @endpoint("DELETE", "/things/{id}", auth=admin("admin:write"))
    def delete(id: FlakeId) -> NoContent:
        raise NotImplementedError

    @endpoint("GET", "/page", auth=public())
    def page() -> Html:
        raise NotImplementedError

    @endpoint("GET", "/away", auth=app_token())
    def away() -> Redirect:
        raise NotImplementedError

    return openapi.document()


def test_the_document_is_valid(document):
    validate(json.loads(json.dumps(document)))


def test_the_document_of_the_server_is_valid():
    endpoints.load()

    validate(json.loads(json.dumps(openapi.document())))


def test_every_operation_is_in_it(document):
    operations = {(path, method) for path, methods in document["paths"].items() for method in methods}

    assert operations == {("/things", "get"), ("/things", "post"), ("/things/{id}/file", "put"),
                          ("/things/{id}", "delete"), ("/page", "get"), ("/away", "get")}


def test_a_path_that_is_below_two_prefixes_is_described_once(site):
    @endpoint("GET", "/api/pleroma/things/{id}", auth=public())
    def show(id: FlakeId) -> Thing:
        """One of them."""
        raise NotImplementedError

    document = openapi.document()

    assert list(document["paths"]) == ["/api/pleroma/things/{id}"]
    assert "What is below /api/pleroma/ is below /api/v1/pleroma/ too" in document["info"]["description"]


def test_no_path_has_some_of_its_methods_below_one_prefix_and_some_below_the_other():
    endpoints.load()
    spelt = {path for each in endpoint_module.DECLARED for path in each.spellings}

    assert [path for each in endpoint_module.DECLARED for path in each.mirrored if path in spelt] == []


def test_operations_are_grouped_by_subject():
    """A group is a folder of endpoints, described by the docstring of the folder."""
    endpoints.load()
    document = openapi.document()
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}

    assert document["paths"]["/oauth/token"]["post"]["tags"] == ["signing in"]
    assert document["paths"]["/api/v1/statuses/{id}/favourite"]["post"]["tags"] == ["statuses"]
    assert tags["chats"] == "Chats between two accounts."
    assert tags.keys() == {tag for path in document["paths"].values() for each in path.values() for tag in each["tags"]}


def test_an_operation_tells_its_parameters(document):
    operation = document["paths"]["/things"]["get"]
    names = [parameter["name"] for parameter in operation["parameters"]]

    assert names == ["ids[]", "local", "data", "max_id", "since_id", "min_id", "limit"]
    assert operation["parameters"][1] == {
        "name": "local", "in": "query", "required": False, "description": "Ours.",
        "schema": {"type": "boolean", "default": False}}
    assert (operation["summary"], operation["description"]) == ("All of them.", "In detail.")
    assert set(operation["responses"]) == {"200", "400", "403", "413", "429", "503"}


def test_a_body_may_come_in_three_forms_or_with_a_file_in_one(document):
    body = document["paths"]["/things"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]

    assert set(body["content"]) == set(openapi.FORMS)
    assert schema["required"] == ["title"]
    assert schema["properties"]["title"] == {
        "type": "string", "maxLength": 9, "description": "What it is called."}
    assert schema["properties"]["poll"]["required"] == ["options"]
    assert schema["properties"]["at"] == {"type": "string", "format": "date-time"}
    file = document["paths"]["/things/{id}/file"]["put"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert file["properties"]["file"]["format"] == "binary"
    assert "share-it" in file["properties"]


def test_a_reply_is_described_once_and_referred_to(document):
    reference = {"$ref": "#/components/schemas/Thing"}
    thing = document["components"]["schemas"]["Thing"]
    replies = document["paths"]["/things"]

    assert replies["post"]["responses"]["200"]["content"]["application/json"]["schema"] == reference
    assert replies["get"]["responses"]["200"]["content"]["application/json"]["schema"] == {
        "type": "array", "items": reference}
    assert thing["required"] == ["id", "kind", "parent", "fields", "more"]
    assert thing["properties"] == {
        "id": {"type": "string"}, "kind": {"enum": ["a", "b"]}, "parent": {"anyOf": [reference, {"type": "null"}]},
        "fields": {"type": "array", "items": {"$ref": "#/components/schemas/Field"}},
        "more": {"type": "object", "additionalProperties": {}}, "text": {"type": "string"}}
    assert thing["description"] == "Something."


def test_special_replies_have_their_status(document):
    paths = document["paths"]

    assert "204" in paths["/things/{id}"]["delete"]["responses"]
    assert "302" in paths["/away"]["get"]["responses"]
    assert "text/html" in paths["/page"]["get"]["responses"]["200"]["content"]


def test_a_return_type_tells_other_statuses_and_media_types(site):
    @endpoint("GET", "/x", auth=public())
    def answer() -> (Annotated[Reply[Field], As(202, 206)] | Annotated[Reply[str], As(kinds=("text/xml", "text/plain"))]
                     | Annotated[Html | Reply[str], As(404)] | Annotated[Empty, As(201)] | Redirect):
        raise NotImplementedError

    responses = openapi.document()["paths"]["/x"]["get"]["responses"]

    field, text = {"$ref": "#/components/schemas/Field"}, {"type": "string"}
    assert responses["202"]["content"] == responses["206"]["content"] == {"application/json": {"schema": field}}
    assert responses["200"]["content"] == {"text/xml": {"schema": text}, "text/plain": {"schema": text}}
    assert responses["404"]["content"] == {"text/html": {"schema": text}, "application/json": {"schema": text}}
    assert "content" not in responses["201"]
    assert responses["302"]["headers"].keys() == {"Location"}
    assert responses.keys() == {"200", "201", "202", "206", "302", "400", "404", "413", "503"}


def test_what_is_refused_follows_from_the_declaration(document):
    def statuses(method: str, path: str) -> set[str]:
        return set(document["paths"][path][method]["responses"])

    assert statuses("get", "/page") == {"200", "400", "413", "503"}
    assert statuses("get", "/away") == {"302", "400", "403", "413", "429", "503"}
    assert statuses("post", "/things") == {"200", "400", "403", "413", "422", "429", "503"}
    assert statuses("delete", "/things/{id}") == {"204", "400", "403", "404", "413", "422", "429", "503"}


def test_an_endpoint_says_what_else_it_refuses(site):
    @endpoint("PUT", "/api/x", auth=signed_in(), refuses=(200, 415))
    def answer() -> Field:
        raise NotImplementedError

    responses = openapi.document()["paths"]["/api/x"]["put"]["responses"]

    error = {"$ref": "#/components/schemas/ErrorReply"}
    assert responses["415"]["content"]["application/json"]["schema"] == error
    assert responses["200"]["content"]["application/json"]["schema"] == {
        "anyOf": [{"$ref": "#/components/schemas/Field"}, error]}
    assert "409" in responses


def test_no_endpoint_says_what_follows_anyway():
    endpoints.load()

    assert [each.name for each in endpoint_module.DECLARED if set(each.refuses) & set(each._refused_anyway())] == []


def test_every_operation_lists_its_statuses():
    endpoints.load()
    paths = openapi.document()["paths"]

    assert all(status.isdigit() for item in paths.values() for each in item.values() for status in each["responses"])
    assert paths["/"]["head"]["responses"]["200"] == {"description": "OK"}
    assert "/api/oauth_tokens.json" in paths


def test_security_says_any_of_all_of_and_optional(document):
    paths = document["paths"]

    assert paths["/things"]["post"]["security"] == [{"oauth": ["write"]}, {"oauth": ["follow"]}, {"basic": []}]
    assert paths["/things/{id}/file"]["put"]["security"] == [{"oauth": ["write", "read"]}, {"basic": []}]
    assert paths["/things"]["get"]["security"][-1] == {}
    assert paths["/page"]["get"]["security"] == [{}]
    assert paths["/away"]["get"]["security"] == [{"app": []}]
    assert paths["/things/{id}"]["delete"]["security"] == [{"oauth": ["admin:write"]}, {"basic": []}, {"admin": []}]
    assert document["components"]["securitySchemes"]["oauth"]["flows"]["password"]["scopes"]["read:things"]
