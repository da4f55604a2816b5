"""The edge: replies, headers, errors, and what Chalice answers by itself."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from chalicelib.domain.refusals import (
    BadRequest,
    Conflict,
    Failed,
    Forbidden,
    NotFound,
    Refusal,
    Throttled,
    TooLarge,
    Unacceptable,
    Unauthenticated,
)
from chalicelib.settings import settings
from chalicelib.store.dynamo.table import Overloaded
from chalicelib.web.auth import public
from chalicelib.web.endpoint import endpoint
from chalicelib.web.paging import Paged
from chalicelib.web.params import FlakeId
from chalicelib.web.replies import END, Empty, Html, NoContent, Redirect, Reply
from chalicelib.web.request import Request
from tests.web.calling import Site

JSON = "application/json; charset=utf-8"


def answering(result: Any) -> Site:
    @endpoint("GET", "/x", auth=public())
    def answer() -> Any:
        if isinstance(result, Exception):
            raise result
        return result

    return Site()


@pytest.mark.parametrize(("result", "status", "body", "kind"), [
    ({"ä": "😀"}, 200, '{"ä":"😀"}', JSON), ([], 200, "[]", JSON), ("ok", 200, '"ok"', JSON),
    (None, 200, "null", JSON),
    (Paged([1]), 200, "[1]", JSON), (Reply({"a": 1}, 202), 202, '{"a":1}', JSON),
    (Reply(Paged([1]), 206), 206, "[1]", JSON),
    (Reply("text", content_type="text/plain"), 200, "text", "text/plain"),
    (Empty(201), 201, "", JSON), (NoContent(), 204, "", JSON),
    (Html("<p>é"), 200, "<p>é", "text/html; charset=utf-8"), (Html("no", 401), 401, "no", "text/html; charset=utf-8"),
    (Redirect("/"), 302, "", "text/html; charset=utf-8"),
])
def test_results_are_rendered_by_type(site, result, status, body, kind):
    answer = answering(result).get("/x")

    assert (answer.status, answer.body, answer.headers["content-type"]) == (status, body, kind)


def test_headers_of_a_reply_are_sent(site):
    answer = answering(Reply(Paged([1], "<u>"), headers={"X-Own": "1"})).get("/x")

    assert (answer.headers["link"], answer.headers["x-own"]) == ("<u>", "1")


def test_a_redirect_cannot_be_broken_into_two_headers(site):
    answer = answering(Redirect("https://a.example/é?b=c&d=%20#e\r\nSet-Cookie: x")).get("/x")

    assert answer.headers["location"] == "https://a.example/%C3%A9?b=c&d=%20#e%0D%0ASet-Cookie:%20x"


@pytest.mark.parametrize(("refusal", "status", "body"), [
    (BadRequest("no"), 400, {"error": "no"}),
    (Unauthenticated(), 401, {"error": "This API requires an authenticated user"}),
    (Forbidden("mine", identifier="why"), 403, {"error": "mine", "identifier": "why"}),
    (NotFound(), 404, {"error": "Record not found"}), (Conflict("twice"), 409, {"error": "twice"}),
    (TooLarge(), 413, {"error": "Request body is too large"}),
    (Unacceptable("Could not pin"), 422, {"error": "Could not pin"}),
    (Throttled(), 429, {"error": "Throttled"}), (Failed("Bad request"), 500, {"error": "Bad request"}),
    (Refusal("any"), 400, {"error": "any"}), (type("Own", (NotFound,), {})("x"), 404, {"error": "x"}),
])
def test_a_refusal_has_its_status_and_the_one_form(site, refusal, status, body):
    answer = answering(refusal).get("/x")

    assert (answer.status, answer.json, answer.headers["content-type"]) == (status, body, JSON)


def test_an_unforeseen_exception_tells_the_log_and_not_the_client(site, caplog):
    with caplog.at_level(logging.ERROR, "kenoma"):
        answer = answering(RuntimeError("internal name")).get("/x?secret=1")

    assert (answer.status, answer.json) == (500, {"error": "Something went wrong"})
    assert any(record.exc_info and "internal name" in str(record.exc_info[1]) for record in caplog.records)


def test_what_too_many_change_at_once_may_be_tried_again(site, caplog):
    with caplog.at_level(logging.ERROR, "kenoma"):
        answer = answering(Overloaded("a counter")).get("/x")

    assert (answer.status, answer.json) == (503, {"error": "Too busy, try again"})
    assert caplog.records


@pytest.mark.parametrize("result", [object(), {1, 2}, b"bytes"])
def test_what_is_no_json_is_an_unforeseen_failure(site, result):
    answer = answering(result).get("/x")

    assert (answer.status, answer.json) == (500, {"error": "Something went wrong"})


def every_kind_of_answer(site: Site) -> list[Any]:
    @endpoint("POST", "/ok", auth=public())
    def ok(a: int = 0) -> str:
        return "ok"

    @endpoint("GET", "/crash", auth=public())
    def crash() -> str:
        raise RuntimeError

    return [site.post("/ok"), site.post("/ok?a=x"), site.post("/ok", body=b"{", type="application/json"),
            site.get("/crash"), site.get("/ok"), site.get("/unknown"), site.call("OPTIONS", "/ok"),
            site.call("DELETE", "/ok")]


def test_every_reply_has_cors_security_headers_and_an_id(site):
    for answer in every_kind_of_answer(site):
        headers = answer.headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-allow-credentials"] == "true"
        assert headers["access-control-expose-headers"] == (
            "Link,X-RateLimit-Reset,X-RateLimit-Limit,X-RateLimit-Remaining,X-Request-Id,Idempotency-Key,Deprecation,"
            "Mastodon-Async-Refresh")
        assert headers["x-xss-protection"] == "1; mode=block"
        assert headers["x-permitted-cross-domain-policies"] == "none"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-download-options"] == "noopen"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-security-policy"].startswith(
            "default-src 'none';base-uri 'self';frame-ancestors 'none';")
        assert headers["content-type"] == JSON
        assert 20 <= len(headers["x-request-id"]) <= 200


def test_no_cache_keeps_a_reply_and_whether_it_is_compressed_depends_on_the_client(site):
    for answer in every_kind_of_answer(site):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["vary"] == "Accept-Encoding"


def shared(site: Site, result: Any = "the same for all", **headers: str) -> str:
    """What a reply to a GET says of caches, that of an endpoint whose replies are shared."""
    declared = endpoint("GET", "/shared", auth=public(), shared=30)

    @declared
    def answer(a: int = 0) -> Any:
        if isinstance(result, Exception):
            raise result
        return result

    return site.get("/shared" + headers.pop("query", ""), headers=headers).headers["cache-control"]


def test_the_cdn_may_keep_what_nobody_in_particular_asked_for(site):
    assert shared(site) == "public, max-age=0, s-maxage=30"


@pytest.mark.parametrize("sent", [
    {"Authorization": "Bearer any"}, {"Authorization": "Basic YTpi"}, {"Cookie": "_pleroma_key=any"},
    {"query": "?access_token=any"},
])
def test_what_somebody_asked_for_is_kept_by_nobody(site, sent):
    assert shared(site, **sent) == "no-store"


@pytest.mark.parametrize("result", [NotFound(), Refusal("no"), RuntimeError(), Overloaded("a"), Reply("x", 202)])
def test_of_what_is_shared_only_a_success_is_kept(site, result):
    assert shared(site, result) == "no-store"


def test_an_endpoint_may_say_itself_who_keeps_its_reply(site):
    assert shared(site, Reply("x", headers={"Cache-Control": "private"})) == "private"


def test_only_replies_to_get_are_shared():
    with pytest.raises(TypeError, match="only replies to GET"):
        endpoint("POST", "/x", auth=public(), shared=30)


def test_every_error_has_the_one_form(site):
    for answer in every_kind_of_answer(site):
        if answer.status >= 400:
            assert isinstance(answer.json["error"], str)
            assert set(answer.json) <= {"error", "errors"}


def test_unknown_paths_and_methods_are_not_implemented(site):
    *_, wrong_method, unknown, _, wrong_delete = every_kind_of_answer(site)

    for answer in (wrong_method, unknown, wrong_delete):
        assert (answer.status, answer.json) == (404, {"error": "Not implemented"})


def test_a_preflight_is_answered_without_an_endpoint(site):
    answer = site.call("OPTIONS", "/anything")

    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["access-control-allow-methods"] == "POST,PUT,DELETE,GET,PATCH,OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "Authorization,Content-Type,Idempotency-Key"
    assert answer.headers["access-control-max-age"] == "86400"


@pytest.mark.parametrize(("sent", "echoed"), [
    ("a" * 20, True), ("b" * 200, True), ("c" * 19, False), ("d" * 201, False), ("é" * 30, False),
    ("x\r\nSet-Cookie: y=1234567890", False),
])
def test_a_request_id_of_the_right_length_is_echoed(site, sent, echoed):
    answer = answering("ok").get("/x", headers={"X-Request-Id": sent})

    assert (answer.headers["x-request-id"] == sent) is echoed
    assert site.get("/unknown", headers={"X-Request-Id": "e" * 20}).headers["x-request-id"] == "e" * 20


def test_request_ids_differ(site):
    site = answering("ok")

    assert site.get("/x").headers["x-request-id"] != site.get("/x").headers["x-request-id"]


@pytest.mark.parametrize(("path", "value"), [
    ("/x/%F0%9F%94%A5", "🔥"), ("/x/%3Ablob%3A", ":blob:"), ("/x/a%2Fb", "a/b"), ("/x/a%252Fb", "a%2Fb"),
    ("/x/@me", "@me"), ("/x/%zz", "%zz"), ("/x/%ff", "�"), ("/x/a%00b", "a\0b"), ("/x/a+b", "a+b"),
])
def test_path_values_are_unquoted_once(site, path, value):
    @endpoint("GET", "/x/{name}", auth=public())
    def named(name: str) -> str:
        return name

    assert site.get(path).json == value


def test_an_impossible_id_in_a_path_is_an_unknown_one(site):
    @endpoint("GET", "/x/{id}", auth=public())
    def found(id: FlakeId) -> str:
        raise NotFound if id == "0" else AssertionError

    for path in ("/x/%00", "/x/..%2F", "/x/" + "9" * 9000, "/x/%F0%9F%94%A5", "/x/a b"):
        assert (site.get(path).status, site.get(path).json) == (404, {"error": "Record not found"})


def test_a_body_over_the_limit_is_too_large(site, monkeypatch):
    monkeypatch.setattr(settings, "upload_limit", 1_000)

    @endpoint("POST", "/x", auth=public())
    def taken(a: str) -> int:
        return len(a)

    fitting = b"a=" + b"x" * (1_001_000 - 2)
    assert site.post("/x", form=fitting.decode()).json == 1_000_998
    for body in (fitting + b"x", fitting * 3):
        answer = site.post("/x", body=body, type="application/octet-stream")
        assert (answer.status, answer.json) == (413, {"error": "Request body is too large"})


def event(**changes: Any) -> dict[str, Any]:
    plain = {
        "path": "/x", "headers": {"host": "kenoma.test"}, "multiValueQueryStringParameters": None,
        "pathParameters": None, "stageVariables": None, "body": None, "isBase64Encoded": False,
        "requestContext": {"resourcePath": "/x", "httpMethod": "POST", "identity": {"sourceIp": "192.0.2.1"}},
    }
    return plain | changes


@pytest.mark.parametrize("changes", [
    {"body": "abcde", "isBase64Encoded": True}, {"body": "é", "isBase64Encoded": True}, {"body": "a=\ud800"},
    {"multiValueQueryStringParameters": {"a": ["\ud800"]}},
])
def test_events_that_cannot_be_decoded_are_bad_requests(site, changes):
    @endpoint("POST", "/x", auth=public())
    def taken(a: str = "") -> str:
        return a

    answer = site.event(event(**changes))

    assert (answer.status, answer.json) == (400, {"error": "Bad request"})


def test_a_text_body_is_read_like_an_encoded_one(site):
    @endpoint("POST", "/x", auth=public())
    def taken(a: str = "") -> str:
        return a

    assert site.event(event(body="a=é")).json == "é"


def test_an_event_without_a_resource_is_answered_in_our_form(site):
    answer = answering("ok").event({"requestContext": {}})

    assert (answer.status, answer.json) == (500, {"error": "Something went wrong"})


def test_an_unreadable_body_comes_before_everything_else(site):
    @endpoint("POST", "/x", auth=public())
    def taken(a: int) -> str:
        return ""

    assert site.post("/x?a=x", body=b"{", type="application/json").json == {"error": "Bad request"}


def test_the_request_itself_can_be_had(site):
    @endpoint("POST", "/x/{id}", auth=public())
    def seen(id: FlakeId, request: Request) -> Any:
        return [request.method, request.route, request.path, request.ip, request.headers["X-Own"],
                request.fields, request.cookies, request.url]

    answer = site.post("/x/5?q=1", form="b=2", headers={"X-Own": "3", "Cookie": "a=1; b=2=3; odd"}, ip="192.0.2.3")
    assert answer.json == ["POST", "/x/{id}", "/x/5", "192.0.2.3", "3", {"q": "1", "b": "2"}, {"a": "1", "b": "2=3"},
                           settings.base_url + "/x/5"]


@pytest.mark.parametrize(("figures", "value"), [
    ("calls", "calls=0 rounds=0"), ("capacity", "calls=0 rounds=0 rru=0 wru=0"), ("off", None),
])
def test_figures_are_sent_where_asked(site, monkeypatch, figures, value):
    monkeypatch.setattr(settings, "figures", figures)

    assert answering("ok").get("/x").headers.get("x-kenoma-dynamodb") == value


def test_a_session_can_be_ended_by_a_reply(site, monkeypatch):
    monkeypatch.setattr(settings, "secret_key", "key")
    cookie = answering(Reply({}, session=END)).get("/x").headers["set-cookie"]

    assert cookie.startswith("_pleroma_key=; Max-Age=0; Path=/")
