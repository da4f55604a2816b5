"""The door: whichever edge a request comes by, the endpoint sees the same, and the client gets the same."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chalice.app import Chalice, Response
from chalice.config import Config
from chalice.local import LocalGateway

from chalicelib.settings import settings
from chalicelib.web.accepting import preferred
from chalicelib.web.auth import public
from chalicelib.web.door import COMPRESSED_FROM, Door
from chalicelib.web.edge import ALLOW_METHODS
from chalicelib.web.endpoint import endpoint
from chalicelib.web.replies import Reply
from chalicelib.web.request import Request
from infra.local.http import bind
from infra.local.server import Server
from tests.cdn import FUNCTION_URL, VIEWER, forwarded
from tests.edges import (
    EDGE_SAW,
    RefusedByTheEdge,
    Sent,
    function_url,
    http_api,
    local_stage,
    reply_of,
    rest_api,
)
from tests.web.calling import Site, multipart

Answer = tuple[int, dict[str, str], list[str], bytes]
NOT_IMPLEMENTED = {"error": "Not implemented"}
BY_EVENT: dict[str, Callable[[Sent], dict[str, Any]]] = {
    "HTTP API": http_api,
    "CDN and HTTP API": lambda sent: http_api(forwarded(sent)),
    "CDN and function URL": lambda sent: function_url(forwarded(sent, FUNCTION_URL)),
    "event of the local stage": local_stage,
}
WAYS = [*BY_EVENT, "REST API", "socket of the local stage"]
every_way = pytest.mark.parametrize("way", WAYS)
LONG = "n" * 2_000
PATHS = {
    "/x/a/y": "a", "/x/a/y/": "a", "/x/a.b/y": "a.b", "/x/./y": ".", "/x/../y": "..", "/x/%2E%2E/y": "..",
    "/x/a%20b/y": "a b", "/x/a+b/y": "a+b", "/x/a%2Bb/y": "a+b", "/x/@me/y": "@me", "/x/%40me/y": "@me",
    "/x/:blob:/y": ":blob:", "/x/%3Ablob%3A/y": ":blob:", "/x/~a/y": "~a", "/x/a;b=c,d/y": "a;b=c,d",
    "/x/%CE%BB/y": "λ", "/x/%F0%9F%94%A5/y": "🔥", "/x/%ff/y": "\ufffd", "/x/a%23b/y": "a#b",
    "/x/a%2Fb/y": "a/b", "/x/a%3Fb/y": "a?b", "/x/a%252Fb/y": "a%2Fb", "/x/50%25done/y": "50%done", "/x/%zz/y": "%zz",
    f"/x/{LONG}/y": LONG, f"/x/{'%CE%BB' * 333}/y": "λ" * 333, "/%78/a/%79": "a",
    "//x/a/y": None, "/x//y": None, "/x/a//y": None, "/x/a/y//": None, "/X/a/y": None, "/x/a": None, "/": None,
    f"/{LONG}": None, "/x/a/y/z": None, "/x%2Fa%2Fy": None,
}
"""What is asked for, and the value in the path. None: there is no such route."""
LOST_BY_AN_HTTP_API = {
    "/x/a%2Fb/y": None, "/x/a%3Fb/y": None, "/x/a%252Fb/y": None, "/x/50%25done/y": RefusedByTheEdge,
    "/x/%zz/y": RefusedByTheEdge, "/x%2Fa%2Fy": "a",
}
"""What an HTTP API makes of some of them where no CDN says what was sent."""


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


class Visited:
    """An application of one path, to which all ways lead."""

    def __init__(self, app: Chalice, port: int) -> None:
        self.door, self.port = Door(app), port

    def ask(self, way: str, method: str, path: str, query: str = "", headers: Any = (), body: Any = None) -> Answer:
        sent = Sent(method, path, query, tuple(headers), body)
        if way == "socket of the local stage":
            return self._by_socket(sent)
        if way == "REST API":
            return _of_chalice(self.door(rest_api(sent), None))
        return reply_of(self.door(json.loads(json.dumps(BY_EVENT[way](sent))), None))

    def _by_socket(self, sent: Sent) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(sent.method, sent.path + ("?" + sent.query if sent.query else ""),
                              skip_accept_encoding=True)
        for name, value in sent.headers:
            connection.putheader(name, value)
        if sent.body is not None:
            connection.putheader("Content-Length", str(len(sent.body)))
        connection.endheaders(sent.body)
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        headers = {name.lower(): value for name, value in reply.getheaders() if name.lower() != "set-cookie"}
        body = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        return reply.status, headers, reply.headers.get_all("Set-Cookie") or [], body


def _of_chalice(answer: dict[str, Any]) -> Answer:
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    cookies = [headers.pop("set-cookie")] if "set-cookie" in headers else []
    more = {name.lower(): values for name, values in (answer.get("multiValueHeaders") or {}).items()}
    cookies += more.pop("set-cookie", [])
    headers |= {name: ", ".join(values) for name, values in more.items()}
    return answer["statusCode"], headers, cookies, answer["body"].encode()


def seen(request: Request, name: str) -> dict[str, Any]:
    return {"name": name, "query": request.query_values, "target": request.target, "ip": request.ip,
            "cookies": request.cookies, "fields": request.fields, "agent": request.headers.get("user-agent"),
            "accept": preferred(request.headers.get("accept", ""), ["text/html", "application/json"]),
            "ours": sorted(each for each in request.headers if each.startswith("x-kenoma-"))}


@pytest.fixture
def visited(site: Site) -> Iterator[Visited]:
    @endpoint("GET", "/x/{name}/y", auth=public(), head=True)
    def read(request: Request, name: str) -> dict[str, Any]:
        return seen(request, name)

    @endpoint("POST", "/x/{name}/y", auth=public())
    def write(request: Request, name: str) -> dict[str, Any]:
        return seen(request, name)

    @endpoint("GET", "/cookie", auth=public())
    def cookie() -> Reply[str]:
        return Reply("ok", headers={"Set-Cookie": "a=1; Path=/", "Link": "<u>; rel=next"}, session=True)

    @endpoint("GET", "/long", auth=public())
    def long(size: int) -> str:
        return "ö" * size

    server = Server(site.app, bind("127.0.0.1", 0))
    yield Visited(site.app, server.start()._listener.getsockname()[1])
    server.stop(within=1)


# Paths.


@every_way
@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_the_same_whichever_way_it_comes(visited: Visited, way: str, path: str) -> None:
    wanted = LOST_BY_AN_HTTP_API.get(path, PATHS[path]) if way == "HTTP API" else PATHS[path]
    if wanted is RefusedByTheEdge:
        with pytest.raises(RefusedByTheEdge):
            visited.ask(way, "GET", path)
        return

    status, headers, _, body = visited.ask(way, "GET", path)

    assert headers["content-type"] == "application/json; charset=utf-8"
    if wanted is None:
        assert (status, json.loads(body)) == (404, NOT_IMPLEMENTED)
    else:
        assert (status, json.loads(body)["name"]) == (200, wanted)


@pytest.mark.parametrize("path", [path for path, value in PATHS.items() if value and path.startswith("/x/")])
def test_chalices_own_server_finds_the_same_values(visited: Visited, path: str) -> None:
    """It finds routes by itself, and hands over events of format 1.0 past the door."""
    reply = LocalGateway(visited.door.app, Config()).handle_request("GET", path, {}, b"")

    assert (reply["statusCode"], json.loads(reply["body"])["name"]) == (200, PATHS[path])


@pytest.mark.parametrize("way", [way for way in WAYS if "CDN" not in way])
@pytest.mark.parametrize("path", ["/x/a/y", "/x/a%20b/y", "/unknown", "/"])
def test_a_preflight_is_answered_for_every_path(visited: Visited, way: str, path: str) -> None:
    """The CDN answers those that come by it (`tests/infra/test_cdn_functions.py`)."""
    status, headers, _, body = visited.ask(way, "OPTIONS", path, headers=[("Origin", "https://elsewhere.example")])

    assert (status, body) == (204, b"")
    assert headers["access-control-allow-methods"] == ALLOW_METHODS
    assert headers["access-control-allow-origin"] == "*"


@every_way
@pytest.mark.parametrize(("method", "path", "status"), [
    ("HEAD", "/x/a/y", 200), ("HEAD", "/unknown", 404), ("HEAD", "/long", 404),
])
def test_head_has_no_body(visited: Visited, way: str, method: str, path: str, status: int) -> None:
    answered, headers, _, body = visited.ask(way, method, path, headers=[("Accept-Encoding", "gzip")])

    assert (answered, body) == (status, b"")
    assert "content-encoding" not in headers


@every_way
@pytest.mark.parametrize("method", ["DELETE", "PUT", "PROPFIND"])
def test_a_method_that_the_path_does_not_have_is_not_implemented(visited: Visited, way: str, method: str) -> None:
    status, headers, _, body = visited.ask(way, method, "/x/a/y", headers=[("X-Request-Id", "i" * 20)])

    assert (status, json.loads(body)) == (404, NOT_IMPLEMENTED)
    assert headers["x-request-id"] == "i" * 20
    assert headers["cache-control"] == "no-store"


def test_unknown_paths_leave_nothing_behind(visited: Visited) -> None:
    """Chalice's own table would keep each of them."""
    before = len(visited.door.app.routes)

    for number in range(50):
        visited.ask("HTTP API", "GET", f"/unknown/{number}")

    assert len(visited.door.app.routes) == before


# Query, headers, cookies.


@every_way
@pytest.mark.parametrize(("query", "values"), [
    ("", {}), ("id[]=1&id[]=2", {"id[]": ["1", "2"]}), ("id%5B%5D=1&id[]=2", {"id[]": ["1", "2"]}),
    ("b=1&a=2&b=3", {"b": ["1", "3"], "a": ["2"]}), ("q=a+b", {"q": ["a b"]}), ("q=a%2Bb", {"q": ["a+b"]}),
    ("empty=", {"empty": [""]}), ("bare", {"bare": [""]}), ("q=1%2C2", {"q": ["1,2"]}),
    ("q=a,b&q=c", {"q": ["a,b", "c"]}),
    ("q=%CE%BB", {"q": ["λ"]}), ("q=%26%3D", {"q": ["&="]}), ("q=a=b", {"q": ["a=b"]}), ("q=%ff", {"q": ["\ufffd"]}),
    ("q=" + LONG, {"q": [LONG]}),
])
def test_a_query_keeps_all_values_and_its_order(visited: Visited, way: str, query: str, values: Any) -> None:
    shown = json.loads(visited.ask(way, "GET", "/x/a/y", query)[3])

    assert shown["query"] == values
    assert list(shown["query"]) == list(values)
    if way != "REST API":  # it hands over decoded values only
        assert shown["target"] == "/x/a/y" + (f"?{query}" if query else "")


@pytest.mark.parametrize("way", [way for way in WAYS if way != "HTTP API"])
@pytest.mark.parametrize("path", ["/x/a%20b/y", "/x/a%2fb/y", "/x/%CE%BB/y/"])
def test_the_target_is_the_path_as_it_was_sent(visited: Visited, way: str, path: str) -> None:
    """An HTTP API alone decodes it."""
    assert json.loads(visited.ask(way, "GET", path)[3])["target"] == path


@every_way
@pytest.mark.parametrize("sent", [["a=1; b=2=3"], ["a=1", "b=2=3"]])
def test_cookies_are_neither_lost_nor_doubled(visited: Visited, way: str, sent: list[str]) -> None:
    if way == "REST API":
        sent = ["; ".join(sent)]

    shown = json.loads(visited.ask(way, "GET", "/x/a/y", headers=[("Cookie", each) for each in sent])[3])

    assert shown["cookies"] == {"a": "1", "b": "2=3"}


@every_way
@pytest.mark.parametrize(("sent", "preferring"), [
    (["text/plain", "application/json"], "application/json"),
    (["text/html;q=0.1", "application/json"], "application/json"),
    (["image/png, text/html", "application/json;q=0.5"], "text/html"),
])
def test_a_list_in_a_header_may_come_in_parts(visited: Visited, way: str, sent: list[str], preferring: str) -> None:
    """The edges join them by commas, with and without a blank."""
    shown = json.loads(visited.ask(way, "GET", "/x/a/y", headers=[("Accept", each) for each in sent])[3])

    assert shown["accept"] == preferring


@every_way
@pytest.mark.parametrize("agent", ["Mozilla/5.0 (X11, Linux)", "a,b"])
def test_a_header_that_is_no_list_is_left_whole(visited: Visited, way: str, agent: str) -> None:
    shown = json.loads(visited.ask(way, "GET", "/x/a/y", headers=[("User-Agent", agent)])[3])

    assert shown["agent"] == agent


@every_way
def test_a_cookie_leaves_beside_the_headers(visited: Visited, way: str) -> None:
    status, headers, cookies, _ = visited.ask(way, "GET", "/cookie")

    assert (status, cookies) == (200, ["a=1; Path=/"])
    assert headers["link"] == "<u>; rel=next"


def test_several_values_of_a_header_are_joined_and_cookies_are_not() -> None:
    app = Chalice("several", configure_logs=False)
    sent: dict[str, Any] = {"Set-Cookie": ["a=1, 2", "b=2"], "Link": ["<a>", "<b>"], "X-Number": "1"}
    app.route("/")(lambda: Response("é", headers=sent | {"Content-Type": "text/plain"}))

    answer = Door(app)(http_api(Sent("GET", "/")), None)

    assert answer["cookies"] == ["a=1, 2", "b=2"]
    assert answer["headers"] == {"Link": "<a>, <b>", "X-Number": "1", "Content-Type": "text/plain"}
    assert (answer["body"], answer["isBase64Encoded"]) == ("é", False)


def test_bytes_leave_in_base64() -> None:
    app = Chalice("bytes", configure_logs=False)
    app.route("/")(lambda: Response(b"\0\xff", headers={"Content-Type": "image/png"}))

    answer = Door(app)(http_api(Sent("GET", "/", headers=(("Accept", "image/png"),))), None)

    assert (base64.b64decode(answer["body"]), answer["isBase64Encoded"]) == (b"\0\xff", True)


# Bodies.

FORM = multipart(("a", "ü".encode()), ("file", bytes(range(256)), "é.bin", "application/octet-stream"))
BODIES: dict[str, tuple[str | None, bytes | None, Any]] = {
    "JSON": ("application/json", '{"a": "ü"}'.encode(), {"a": "ü"}),
    "JSON with a charset": ("application/json; charset=utf-8", b'{"a": 1}', {"a": 1}),
    "JSON of activities": ("application/activity+json", '{"a": "ü"}'.encode(), {"a": "ü"}),
    "a form": ("application/x-www-form-urlencoded", b"a=b+c&d[]=%26", {"a": "b c", "d": ["&"]}),
    "text": ("text/plain", b"a=1", {"a": "1"}), "no type": (None, b'{"a": 1}', {"a": 1}),
    "nothing": (None, None, {}), "a type without a body": ("application/json", None, {}),
    "bytes": ("application/octet-stream", b"\0\xff", {}),
}


@every_way
@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_read_alike_as_text_and_as_base64(visited: Visited, way: str, kind: str) -> None:
    content_type, body, fields = BODIES[kind]
    headers = [("Content-Type", content_type)] if content_type else []

    status, _, _, answer = visited.ask(way, "POST", "/x/a/y", headers=headers, body=body)

    assert (status, json.loads(answer)["fields"]) == (200, fields)


@pytest.fixture
def uploads(site: Site) -> Visited:
    from chalicelib.web.body import SentFile

    @endpoint("POST", "/upload", auth=public())
    def upload(request: Request) -> dict[str, Any]:
        file = request.fields["file"]
        assert isinstance(file, SentFile)
        return {"a": request.fields["a"], "name": file.filename, "data": file.data.hex()}

    return Visited(site.app, 0)


@pytest.mark.parametrize("way", [*BY_EVENT, "REST API"])
def test_a_file_of_a_form_arrives_byte_for_byte(uploads: Visited, way: str) -> None:
    body, content_type = FORM

    answer = uploads.ask(way, "POST", "/upload", headers=[("Content-Type", content_type)], body=body)[3]

    assert json.loads(answer) == {"a": "ü", "name": "é.bin", "data": bytes(range(256)).hex()}


# What only the CDN may say.

CLAIMS = [("X-Kenoma-Path", "/x/claimed/y"), ("X-Kenoma-Client", "198.51.100.1"), ("X-Kenoma-Gzip", "1"),
          ("X-Kenoma-Front", "a guess"), ("X-Kenoma-Wants", "html")]


@every_way
def test_nobody_else_is_believed(visited: Visited, way: str) -> None:
    shown = json.loads(visited.ask(way, "GET", "/x/a/y", headers=CLAIMS)[3])

    assert shown["name"] == "a"
    assert shown["ip"] == (VIEWER if "CDN" in way else "127.0.0.1" if "socket" in way else EDGE_SAW)
    assert shown["ours"] == (["x-kenoma-client", "x-kenoma-front", "x-kenoma-path", "x-kenoma-wants"]
                             if "CDN" in way else [])


@pytest.mark.parametrize("key", [None, "", "another key"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD"])
def test_who_calls_the_functions_url_past_the_cdn_is_refused_before_any_work(
        visited: Visited, method: str, key: str | None) -> None:
    headers = () if key is None else (("X-Kenoma-Front", key), ("X-Kenoma-Path", "/x/a/y"))

    status, answered, _, body = reply_of(visited.door(function_url(Sent(method, "/x/a/y", headers=headers)), None))

    assert status == 403
    assert body == (b"" if method == "HEAD" else b'{"error":"Access denied"}')
    assert answered["cache-control"] == "no-store"


def test_without_a_key_of_ours_nobody_may_call_the_functions_url(visited: Visited, setting: Any) -> None:
    setting(front_key="")

    status, *_ = reply_of(visited.door(function_url(Sent("GET", "/x/a/y", headers=(("X-Kenoma-Front", ""),))), None))

    assert status == 403


def test_a_cdn_of_before_that_says_no_path_is_served_by_what_the_edge_says(visited: Visited) -> None:
    """While a distribution changes, some of its places have no function yet."""
    sent = Sent("GET", "/x/a%20b/y", headers=(("X-Kenoma-Front", settings.front_key),))

    for event in (http_api(sent), function_url(sent)):
        assert json.loads(reply_of(visited.door(event, None))[3])["name"] == "a b"


# Compression.


@pytest.mark.parametrize("way", [*BY_EVENT, "socket of the local stage"])
@pytest.mark.parametrize(("accepted", "size", "is_compressed"), [
    ("gzip", COMPRESSED_FROM, True), ("br, gzip;q=0.5", COMPRESSED_FROM, True), ("*", COMPRESSED_FROM, True),
    ("gzip", COMPRESSED_FROM - 3, False), ("gzip;q=0", COMPRESSED_FROM, False), ("br", COMPRESSED_FROM, False),
    (None, COMPRESSED_FROM, False),
])
def test_a_long_reply_is_compressed_for_who_accepts_it(
        visited: Visited, way: str, accepted: str | None, size: int, is_compressed: bool) -> None:
    headers = [("Accept-Encoding", accepted)] if accepted else []

    status, answered, _, body = visited.ask(way, "GET", "/long", f"size={size}", headers=headers)

    assert (status, json.loads(body)) == (200, "ö" * size)
    assert ("content-encoding" in answered) is is_compressed
    assert answered["vary"] == "Accept-Encoding"
    assert answered["content-type"] == "application/json; charset=utf-8"


# Failures.


@pytest.mark.parametrize("event", [
    {}, {"version": "2.0"}, {"version": "2.0", "requestContext": {}}, {"requestContext": {}},
    {"version": "2.0", "requestContext": {"http": {"method": "GET"}}, "rawPath": 5},
])
def test_an_event_that_nobody_understands_is_a_failure_in_the_apis_form(visited: Visited, event: Any) -> None:
    answer = visited.door(event, None)

    assert (answer["statusCode"], json.loads(answer["body"])) == (500, {"error": "Something went wrong"})
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"


def test_an_event_without_headers_is_served(visited: Visited) -> None:
    event = http_api(Sent("GET", "/x/a/y"))
    del event["headers"]

    assert reply_of(visited.door(event, None))[0] == 200
