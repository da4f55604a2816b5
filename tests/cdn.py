"""The CDN before the API: its own function, in a JavaScript engine, and what CloudFront adds by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import quickjs

from chalicelib.settings import settings
from infra.deploy import cdn_functions
from tests.edges import Sent

VIEWER = "192.0.2.7"
REQUEST_ID = "TG9uZyBpZCBvZiBhIHJlcXVlc3QgYXQgdGhlIENETg=="
HTTP_API, FUNCTION_URL = "http-api", "function-url"


@lru_cache
def before_the_api(edge: str) -> quickjs.Function:
    """The function as CloudFormation hands it to CloudFront."""
    return quickjs.Function("handler", cdn_functions.before_the_api().replace("${Edge}", edge))


def viewed(sent: Sent) -> dict[str, Any]:
    """The event of a viewer's request. Cookies are apart from the headers."""
    headers: dict[str, dict[str, Any]] = {}
    for name, value in sent.headers:
        if name.lower() == "cookie":
            continue
        there = headers.get(name.lower())
        if there is None:
            headers[name.lower()] = {"value": value}
        else:
            there.setdefault("multiValue", [{"value": there["value"]}]).append({"value": value})
    if sent.body:
        headers.setdefault("content-length", {"value": str(len(sent.body))})
    return {
        "version": "1.0", "context": {"eventType": "viewer-request", "requestId": REQUEST_ID},
        "viewer": {"ip": VIEWER},
        "request": {"method": sent.method, "uri": sent.path, "querystring": {}, "headers": headers, "cookies": {}},
    }


def at_the_cdn(sent: Sent, edge: str = HTTP_API) -> dict[str, Any]:
    """What the function makes of a request: the request that goes on, or a reply."""
    # Its own tidying up would have Python look through all objects of the whole suite, each time.
    answer: dict[str, Any] = before_the_api(edge)(viewed(sent), run_gc=False)
    return answer


@lru_cache
def before_sockets() -> quickjs.Function:
    return quickjs.Function("handler", cdn_functions.before_sockets())


def at_the_sockets(sent: Sent) -> dict[str, Any]:
    """What the function before the gateway of the sockets makes of a request."""
    answer: dict[str, Any] = before_sockets()(viewed(sent), run_gc=False)
    return answer


def forwarded(sent: Sent, edge: str = HTTP_API, key: str = "") -> Sent:
    """The request as it leaves the CDN. Its key comes last, so it replaces what a client sent under that name."""
    request = at_the_cdn(sent, edge)
    assert "statusCode" not in request, request
    headers = [(name, each["value"]) for name, header in request["headers"].items()
               for each in header.get("multiValue", [header])]
    headers += [each for each in sent.headers if each[0].lower() == "cookie"]
    client = ", ".join([*(value for name, value in headers if name == "x-forwarded-for"), VIEWER])
    own = {"x-forwarded-for": client, "x-kenoma-front": key or settings.front_key, "via": "2.0 0123abcd.cloudfront.net"}
    kept = tuple(each for each in headers if each[0] not in own)
    return Sent(sent.method, request["uri"], sent.query, (*kept, *own.items()), sent.body)
