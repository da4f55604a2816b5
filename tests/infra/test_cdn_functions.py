"""The CDN's function before the API, in a JavaScript engine.

The table of paths is that of our own function (`tests/web/test_door.py`).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.web import edge
from chalicelib.web.accepting import accepts_gzip, form_wanted
from infra.deploy import cdn_functions
from tests.cdn import FUNCTION_URL, HTTP_API, REQUEST_ID, VIEWER, at_the_cdn, at_the_sockets
from tests.edges import Sent

both_edges = pytest.mark.parametrize("behind", [HTTP_API, FUNCTION_URL])


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def told(sent: Sent, behind: str = HTTP_API) -> dict[str, str]:
    """Our headers as the function passes them on."""
    headers = at_the_cdn(sent, behind)["headers"]
    return {name: each["value"] for name, each in headers.items() if name.startswith("x-kenoma-")}


def asking(**headers: str) -> Sent:
    return Sent("GET", "/x", headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()))


@pytest.mark.parametrize(("path", "to_a_gateway"), [
    ("/x/a", "/x/a"), ("/x/a%20b", "/"), ("/x/50%25", "/"), ("//x/", "//x/"), ("/x/../y", "/x/../y"), ("/", "/"),
    ("/x/" + "%CE%BB" * 333, "/"),
])
def test_the_path_is_told_as_it_was_sent(path: str, to_a_gateway: str) -> None:
    """A gateway decodes what is escaped, so it does not get it."""
    for behind, forwarded in ((HTTP_API, to_a_gateway), (FUNCTION_URL, path)):
        request = at_the_cdn(Sent("GET", path), behind)
        assert request["headers"]["x-kenoma-path"] == {"value": path}
        assert request["uri"] == forwarded


@pytest.mark.parametrize(("raw", "escaped"), [
    ("/x/λ", "/x/%CE%BB"), ("/x/a b", "/x/a%20b"), ("/x/🔥", "/x/%F0%9F%94%A5"),
])
def test_a_path_that_should_have_been_escaped_is_told_escaped(raw: str, escaped: str) -> None:
    assert told(Sent("GET", raw))["x-kenoma-path"] == escaped


@both_edges
def test_what_a_client_claims_in_our_headers_is_dropped(behind: str) -> None:
    sent = asking(x_kenoma_client="198.51.100.1", X_Kenoma_Front="guess", x_kenoma_gzip="1", x_kenoma_new="1")

    assert told(sent, behind) == {"x-kenoma-path": "/x", "x-kenoma-client": VIEWER, "x-kenoma-wants": "html"}


@pytest.mark.parametrize(("accept", "wants"), [
    ("", "html"), ("*/*", "html"), ("application/json", "json"), ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
    ("application/activity+json", "activity"), ("Application/LD+JSON; profile=\"x\"", "activity"),
    ("application/activity+json, text/html;q=0.1", "activity"), ("application/atom+xml", "atom"),
    ("application/rss+xml, text/html;q=0.5", "rss"), ("constructor", "html"),
])
def test_the_wanted_form_is_one_of_five(accept: str, wants: str) -> None:
    assert told(asking(accept=accept) if accept else Sent("GET", "/x"))["x-kenoma-wants"] == wants


@pytest.mark.parametrize("accept", [
    "", "*/*", "text/html", "application/activity+json", "application/ld+json", "application/json", "image/png",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "application/ld+json;profile=x;q=0.2, */*",
    "application/activity+json, application/ld+json", "text/html, application/activity+json",
    "text/html;q=0.9, application/activity+json", "application/activity+json;q=0.5, text/html;q=0.1",
    "application/activity+json;q=0, text/html;q=0.1", "application/activity+json;q=x",
    "application/json;q=2, text/html", "application/activity+json;q=, text/html",
    " , application/activity+json", "APPLICATION/ACTIVITY+JSON; Q=0.5",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/activity+json;q=-1, text/html",
    "application/activity+json;q=0.1;q=0.9, text/html;q=0.5", "application/ld+json;v=\"a;b\", text/html",
])
def test_it_knows_which_form_is_wanted_as_the_application_does(accept: str) -> None:
    assert told(asking(accept=accept))["x-kenoma-wants"] == form_wanted(accept)


def test_a_header_that_was_sent_twice_counts_as_one() -> None:
    sent = Sent("GET", "/x", headers=(("Accept", "text/html;q=0.5"), ("Accept", "application/activity+json"),
                                      ("Accept-Encoding", "br"), ("Accept-Encoding", "gzip")))

    assert told(sent)["x-kenoma-wants"] == "activity"
    assert told(sent)["x-kenoma-gzip"] == "1"


@pytest.mark.parametrize("accepted", [
    "gzip", "GZIP", "br", "", "*", "gzip;q=0", "gzip; q=0.0", "gzip;q=0.5, br", "*;q=0", "br, *;q=0.1", "gzip;q=0, *",
    "identity", "x-gzip", "gzip;q=x", ", ,gzip",
])
def test_it_knows_who_takes_gzip_as_the_application_does(accepted: str) -> None:
    assert ("x-kenoma-gzip" in told(asking(accept_encoding=accepted))) is accepts_gzip({"accept-encoding": accepted})


@both_edges
@pytest.mark.parametrize("path", ["/x", "/unknown/50%25"])
def test_a_preflight_is_answered_as_by_the_application(behind: str, path: str) -> None:
    reply = at_the_cdn(Sent("OPTIONS", path, headers=(("Origin", "https://elsewhere.example"),)), behind)

    assert reply["statusCode"] == 204
    assert "body" not in reply
    assert sent_by(reply) == lower(edge.preflight()["headers"]) | {"x-request-id": REQUEST_ID}


def sent_by(reply: dict[str, Any]) -> dict[str, str]:
    return {name: each["value"] for name, each in reply["headers"].items()}


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@both_edges
@pytest.mark.parametrize("length", [cdn_functions.MOST_BYTES + 1, 10**12])
def test_a_body_that_lambda_would_not_take_is_refused_as_by_the_application(behind: str, length: int) -> None:
    sent = Sent("POST", "/api/v1/media", headers=(("Content-Length", str(length)),))
    own = edge.refusal(413, "Request body is too large")

    reply = at_the_cdn(sent, behind)

    assert reply["statusCode"] == 413
    assert json.loads(reply["body"]["data"]) == json.loads(own["body"])
    assert sent_by(reply) == lower(own["headers"]) | {"x-request-id": REQUEST_ID}


@pytest.mark.parametrize("length", ["0", str(cdn_functions.MOST_BYTES), "", "many"])
def test_other_lengths_pass(length: str) -> None:
    request = at_the_cdn(Sent("POST", "/x", headers=(("Content-Length", length),)))

    assert request["method"] == "POST"


def test_the_id_of_a_reply_is_one_that_the_application_would_echo() -> None:
    from chalicelib.web.request import new_or_sent

    assert new_or_sent(REQUEST_ID) == REQUEST_ID


def test_the_code_has_room_and_nothing_is_left_to_fill_in_but_the_edge() -> None:
    code = cdn_functions.before_the_api()

    assert len(code.encode()) < cdn_functions.FUNCTION_LIMIT
    assert code.count("${") == code.count("${Edge}") == 1
    assert not any(f"<{name}>" in code for name in ("MOST_BYTES", "ON_EVERY_REPLY", "ON_PREFLIGHT", "TOO_LARGE"))


# Before the sockets.


def upgrade(path: str = "/api/v1/streaming", **headers: str) -> Sent:
    sent = {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13", **headers}
    return Sent("GET", path, headers=tuple((name.replace("_", "-"), value) for name, value in sent.items()))


@pytest.mark.parametrize("path", ["/api/v1/streaming", "/api/v1/streaming/"])
def test_who_wants_a_socket_is_led_to_the_gateway_which_knows_no_paths(path: str) -> None:
    request = at_the_sockets(upgrade(path, sec_websocket_protocol="token"))

    assert request["uri"] == "/"
    assert request["headers"]["sec-websocket-protocol"] == {"value": "token"}
    assert request["headers"]["x-kenoma-client"] == {"value": VIEWER}


def test_what_a_client_claims_in_our_headers_is_dropped_before_sockets_too() -> None:
    request = at_the_sockets(upgrade(x_kenoma_front="guess", x_kenoma_client="198.51.100.1"))

    assert "x-kenoma-front" not in request["headers"]
    assert request["headers"]["x-kenoma-client"] == {"value": VIEWER}


def test_what_cannot_become_a_socket_is_answered_as_our_own_function_would() -> None:
    reply = at_the_sockets(Sent("GET", "/api/v1/streaming"))

    assert reply["statusCode"] == 404
    assert json.loads(reply["body"]["data"]) == {"error": "Not implemented"}
    assert reply["headers"]["content-type"] == {"value": "application/json; charset=utf-8"}
    assert {"upgrade", "connection"}.isdisjoint(reply["headers"]), "CloudFront lets no function write these"


def test_the_function_before_sockets_is_small_enough() -> None:
    assert len(cdn_functions.before_sockets()) < cdn_functions.FUNCTION_LIMIT
