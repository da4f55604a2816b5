"""Requests whose signature is checked: the bytes, the target and the headers as they came, behind every edge."""

from __future__ import annotations

import pytest
from chalice.app import Request as GatewayRequest

from chalicelib.domain.federation import signatures
from chalicelib.web.request import Request, opened
from chalicelib.web.signed import incoming
from tests import edges
from tests.edges import Sent
from tests.peers.spelling import SPELLINGS, Asking, headers_of, key_pair, pem_of

KEY_ID = "https://far.example/users/bob#main-key"
EDGES = {"rest_api": edges.rest_api, "function_url": edges.function_url, "http_api": edges.http_api,
         "local_stage": edges.local_stage}


@pytest.fixture(autouse=True)
def aws() -> None:
    """Nothing here calls AWS."""


def arriving(edge: str, sent: Sent) -> Request:
    event = opened(EDGES[edge](sent))
    event["pathParameters"] = {}
    event["requestContext"]["resourcePath"] = event["path"]
    return Request(GatewayRequest(event, None), {})


def signed(method: str, target: str, body: bytes = b"", spelt=SPELLINGS[0]) -> Sent:
    headers = headers_of(Asking(method, "kenoma.test", target, body), key_pair(), KEY_ID, spelt)
    headers["host"] = "origin.internal"
    headers.pop("content-length", None)  # a gateway may drop it
    path, _, query = target.partition("?")
    return Sent(method, path, query, tuple(headers.items()), body or None)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("spelt", SPELLINGS, ids=lambda each: each.name)
@pytest.mark.parametrize("body", [b'{"type": "Follow"}', '{"name": "é😀"}'.encode(), b'\xef\xbb\xbf{"a": 1}\r\n '])
def test_a_post_is_checked_as_it_was_sent(edge, spelt, body):
    request = incoming(arriving(edge, signed("POST", "/inbox", body, spelt)))

    assert request.body == body
    found = signatures.read(request)
    signatures.verify(found, pem_of(key_pair()))
    assert found.key_id == KEY_ID


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("spelt", SPELLINGS, ids=lambda each: each.name)
def test_a_get_with_a_query_is_checked_as_it_was_sent(edge, spelt):
    request = incoming(arriving(edge, signed("GET", "/users/alice/outbox?page=true&max_id=1", spelt=spelt)))

    signatures.verify(signatures.read(request), pem_of(key_pair()))


@pytest.mark.parametrize("edge", ["function_url", "http_api", "local_stage"])
def test_a_query_that_can_be_spelt_in_two_ways_is_the_one_that_was_sent(edge):
    target = "/users/alice/outbox?page=true&x=%7e+a%2Bb&empty=&x=2"

    signatures.verify(signatures.read(incoming(arriving(edge, signed("GET", target)))), pem_of(key_pair()))


@pytest.mark.parametrize("edge", EDGES)
def test_a_path_that_an_edge_decodes_is_tried_in_both_spellings(edge):
    request = incoming(arriving(edge, signed("GET", "/users/a.b-c_d")))

    assert request.target == "/users/a.b-c_d"
    signatures.verify(signatures.read(request), pem_of(key_pair()))


def test_a_body_that_was_changed_on_the_way_does_not_fit():
    sent = signed("POST", "/inbox", b'{"a": 1}')

    request = incoming(arriving("http_api", Sent(sent.method, sent.path, "", sent.headers, b'{"a":1}')))

    with pytest.raises(signatures.BadSignature, match="does not fit the body"):
        signatures.read(request)
