"""Declarations: what fails at import, and what Chalice gets to know."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.deploy.swagger import TemplatedSwaggerGenerator
from chalice.deploy.validate import validate_route_content_types, validate_routes

from chalicelib.domain.viewer import Viewer
from chalicelib.web import endpoint as module
from chalicelib.web.auth import app_token, optional, public, signed_in
from chalicelib.web.endpoint import endpoint
from chalicelib.web.limits import STATUS_ID_ACTION
from chalicelib.web.params import FlakeId
from tests.web.calling import Site


def declares(match: str, function: Any, *arguments: Any, **more: Any) -> None:
    with pytest.raises(TypeError, match=match):
        endpoint(*arguments, **more)(function)


def answers() -> str:
    return ""


def test_a_declaration_without_auth_fails(site):
    declares("GET /x: say who may call", answers, "GET", "/x")
    declares("say who may call", answers, "GET", "/x", auth="read")


def test_a_declaration_without_a_reply_type_fails(site):
    def silent(): ...

    declares("GET /x: silent has no reply type", silent, "GET", "/x", auth=public())


def test_a_second_declaration_of_a_path_fails(site):
    endpoint("GET", "/x", auth=public(), also=("/x.json",))(answers)

    declares("/x is declared already", answers, "GET", "/x", auth=public())
    declares("/x.json is declared already", answers, "GET", "/y", auth=public(), also=("/x.json",))
    endpoint("POST", "/x", auth=public())(answers)


def test_an_argument_nothing_can_fill_fails(site):
    def flagged(a: bool = False) -> str: ...
    def untyped(a) -> str: ...

    declares("GET /x: .*Flag or a StrictFlag", flagged, "GET", "/x", auth=public())
    declares("GET /x: argument a has no type", untyped, "GET", "/x", auth=public())


def test_path_and_arguments_name_the_same_parameters(site):
    def one(id: FlakeId) -> str: ...

    declares("different parameters", answers, "GET", "/x/{id}", auth=public())
    declares("same parameters", one, "GET", "/x/{id}", auth=public(), also=("/y/{other}",))


@pytest.mark.parametrize("path", ["x", "/x/", ""])
def test_odd_paths_fail(site, path):
    declares("path must be", answers, "GET", path, auth=public())


def test_unknown_methods_fail(site):
    declares("method must be", answers, "FETCH", "/x", auth=public())


def test_a_viewer_needs_somebody_who_signs_in(site):
    def certain(viewer: Viewer) -> str: ...

    declares("nobody signs in here", certain, "GET", "/x", auth=public())
    declares("nobody signs in here", certain, "GET", "/x", auth=app_token())
    declares(r"viewer: Viewer \| None", certain, "GET", "/x", auth=optional("read"))
    endpoint("GET", "/x", auth=signed_in())(certain)


def test_a_limit_is_by_an_argument(site):
    declares("unknown argument", answers, "GET", "/x", auth=public(), limits=(STATUS_ID_ACTION.per("pin", "id"),))


def test_a_failed_declaration_leaves_nothing_behind(site):
    declares("say who", answers, "GET", "/x")

    assert module.DECLARED == []


def test_the_function_stays_what_it_was(site):
    assert endpoint("GET", "/x", auth=public())(answers) is answers


def test_every_spelling_and_head_are_mounted(site):
    endpoint("GET", "/emoji", auth=public(), also=("/emoji.json",), head=True)(answers)

    assert site.get("/emoji").status == site.get("/emoji.json").status == 200
    assert (site.call("HEAD", "/emoji").status, site.call("HEAD", "/emoji").body) == (200, "")
    assert site.call("HEAD", "/other").status == 404


def test_what_is_below_one_prefix_of_pleroma_is_below_the_other_too(site):
    endpoint("GET", "/api/pleroma/x", auth=public(), also=("/api/pleroma/x.json", "/x"))(answers)
    endpoint("POST", "/api/v1/pleroma/x", auth=public())(answers)

    for path in ("/api/pleroma/x", "/api/pleroma/x.json", "/api/v1/pleroma/x", "/api/v1/pleroma/x.json", "/x"):
        assert site.get(path).status == 200
    assert site.call("POST", "/api/pleroma/x").status == 200
    assert site.get("/api/v2/pleroma/x").status == site.get("/api/v1/x").status == 404
    declares("/api/pleroma/x is declared already", answers, "POST", "/api/pleroma/x", auth=public())


def test_what_is_mounted_can_be_deployed(site):
    def one(id: FlakeId) -> str: ...

    endpoint("GET", "/x/{id}", auth=public())(one)
    endpoint("POST", "/x/{id}", auth=public())(one)
    endpoint("GET", "/", auth=public())(answers)
    app = Site().app
    entries = [entry for methods in app.routes.values() for entry in methods.values()]

    validate_routes(app.routes)
    validate_route_content_types(app.routes, app.api.binary_types)
    assert len({entry.view_name for entry in entries}) == len(entries) == 3
    assert all(entry.content_types == ["*/*"] and entry.cors for entry in entries)
    assert "multipart/form-data" in app.api.binary_types


def test_the_declaration_knows_its_file_and_summary(site):
    def documented() -> str:
        """What it does, in
        one sentence.

        And more.
        """
        return ""

    endpoint("GET", "/x", auth=public())(documented)
    (declared,) = module.DECLARED

    assert declared.summary == "What it does, in one sentence."
    assert declared.description == "And more."
    assert declared.place.startswith("tests/web/test_endpoint.py:")


def test_the_deployed_preflight_has_our_headers_and_no_others(site):
    endpoint("GET", "/x", auth=public())(answers)
    swagger = TemplatedSwaggerGenerator().generate_swagger(Site().app)
    reply = swagger["paths"]["/x"]["options"]["x-amazon-apigateway-integration"]["responses"]["default"]

    assert {name.rpartition(".")[2]: value for name, value in reply["responseParameters"].items()} == {
        "Access-Control-Allow-Methods": "'GET,OPTIONS'", "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Allow-Credentials": "'true'", "Access-Control-Max-Age": "'86400'",
        "Access-Control-Allow-Headers": "'Authorization,Content-Type,Idempotency-Key'",
        "Access-Control-Expose-Headers": "'Link,X-RateLimit-Reset,X-RateLimit-Limit,X-RateLimit-Remaining,"
                                         "X-Request-Id,Idempotency-Key,Deprecation,Mastodon-Async-Refresh'"}
    assert swagger["x-amazon-apigateway-binary-media-types"][-1] == "multipart/form-data"
