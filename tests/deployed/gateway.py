"""Events as the function gets them when it is deployed: through the CDN and its HTTP API."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from chalicelib.web.endpoint import Endpoint
from tests.cdn import forwarded
from tests.edges import Sent, http_api

ADDED = {"Accept": "*/*", "Host": "kenoma.test", "User-Agent": "a client", "X-Amz-Cf-Id": "abc==",
         "X-Amzn-Trace-Id": "Root=1-5e272390-8c398be037738dc042009320"}
"""The headers that an event always has, whether or not a client sent them."""
Pairs = list[tuple[str, str]]
MOST_BYTES = 6_000_000
"""The largest reply that Lambda lets a function give."""


def event(declared: Endpoint, path: str, *, query: Pairs | None = None, headers: dict[str, str] | None = None,
          body: bytes | None = None, by_the_cdn: bool = True, method: str = "") -> dict[str, Any]:
    """`path`: percent-encoded, as it was sent."""
    sent = Sent(method or declared.method, path, urlencode(query or []),
                tuple((ADDED | (headers or {})).items()), body)
    return http_api(forwarded(sent) if by_the_cdn else sent)


def in_base64(event: dict[str, Any]) -> dict[str, Any]:
    """The same event, whose body the edge took for no text."""
    assert not event["isBase64Encoded"]
    return event | {"body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}


def check_reply(reply: dict[str, Any]) -> None:
    """Check that the edge could send it, and that it has what every reply has."""
    assert len(json.dumps(reply)) < MOST_BYTES
    assert reply["headers"]["Cache-Control"]
    assert reply["headers"]["X-Request-Id"]
