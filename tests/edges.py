"""Requests as each edge hands them to the function.

What the edges of AWS do to paths, cookies and bodies is as others saw it there. An HTTP API decodes the path, sometimes
twice, and looks at it again. A function URL and a REST API hand on what was sent.
"""

from __future__ import annotations

import base64
import gzip
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from chalicelib.web.request import HERE

API_DOMAIN = "70ixmpl4fl.execute-api.eu-central-1.amazonaws.com"
URL_DOMAIN = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws"
EDGE_SAW = "130.176.0.1"
Pairs = Iterable[tuple[str, str]]
_TEXT = re.compile(r"text/|application/(json|javascript|xml)\b")


class RefusedByTheEdge(Exception):
    """The edge answers by itself, and the function is not asked."""


@dataclass(frozen=True)
class Sent:
    """A request as it reaches an edge. The path and the query are percent-encoded; headers may repeat."""

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def with_headers(self, more: Pairs) -> Sent:
        return Sent(self.method, self.path, self.query, (*self.headers, *more), self.body)


def rest_api(sent: Sent) -> dict[str, Any]:
    """Format 1.0, without a route: the door finds it."""
    joined = _joined(sent.headers)
    return {
        "resource": "/{proxy+}", "path": sent.path, "httpMethod": sent.method, "headers": joined,
        "multiValueHeaders": {name: [value] for name, value in joined.items()},
        "queryStringParameters": {name: values[-1] for name, values in _decoded(sent.query).items()} or None,
        "multiValueQueryStringParameters": _decoded(sent.query) or None, "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"resourcePath": "/{proxy+}", "httpMethod": sent.method, "path": f"/api{sent.path}",
                           "stage": "api", "requestId": str(uuid.uuid4()), "identity": {"sourceIp": EDGE_SAW}},
        "body": base64.b64encode(sent.body).decode() if sent.body else None, "isBase64Encoded": bool(sent.body),
    }


def function_url(sent: Sent) -> dict[str, Any]:
    event = _format_2_0(sent, sent.path, URL_DOMAIN)
    cookies = [value for name, value in sent.headers if name.lower() == "cookie"]
    if cookies:
        event["headers"]["cookie"] = "; ".join(cookies)
    return event


def http_api(sent: Sent) -> dict[str, Any]:
    return _format_2_0(sent, _as_an_http_api_decodes(sent.path), API_DOMAIN)


def local_stage(sent: Sent) -> dict[str, Any]:
    return _format_2_0(sent, sent.path, HERE)


def _as_an_http_api_decodes(path: str) -> str:
    once = unquote(path)
    if re.search(r"%(?![0-9A-Fa-f]{2})", once):
        raise RefusedByTheEdge(400)
    return unquote(once).partition("?")[0]


def _format_2_0(sent: Sent, raw_path: str, domain: str) -> dict[str, Any]:
    """Format 2.0. What is empty is not there."""
    cookies = [part.strip() for name, value in sent.headers if name.lower() == "cookie" for part in value.split(";")]
    headers = _joined(each for each in sent.headers if each[0].lower() != "cookie")
    event: dict[str, Any] = {
        "version": "2.0", "routeKey": "$default", "rawPath": raw_path, "rawQueryString": sent.query,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012", "apiId": domain.partition(".")[0], "domainName": domain,
            "domainPrefix": domain.partition(".")[0], "requestId": str(uuid.uuid4()), "routeKey": "$default",
            "stage": "$default", "time": "29/Nov/2026:18:00:00 +0000", "timeEpoch": 1795975200000,
            "http": {"method": sent.method, "path": unquote(sent.path), "protocol": "HTTP/1.1", "sourceIp": EDGE_SAW,
                     "userAgent": "a client"},
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if sent.query:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in _decoded(sent.query).items()}
    if sent.body:
        text = _as_text(sent.body, headers.get("content-type", ""))
        event["isBase64Encoded"] = text is None
        event["body"] = base64.b64encode(sent.body).decode() if text is None else text
    return event


def _as_text(body: bytes, content_type: str) -> str | None:
    """A body of a type of text, which an edge hands over as it is. What it does with broken UTF-8 is not known."""
    try:
        return body.decode() if _TEXT.match(content_type) else None
    except UnicodeDecodeError:
        return None


def reply_of(answer: dict[str, Any]) -> tuple[int, dict[str, str], list[str], bytes]:
    """What an edge makes of a reply in format 2.0, or what it would refuse: status, headers, cookies, body."""
    assert set(answer) <= {"statusCode", "headers", "cookies", "body", "isBase64Encoded"}
    assert type(answer["statusCode"]) is int
    assert type(answer["body"]) is str
    assert type(answer["isBase64Encoded"]) is bool
    headers = {}
    for name, value in answer["headers"].items():
        assert type(value) is str, name
        assert name.lower() != "set-cookie"
        assert name.lower() not in headers
        headers[name.lower()] = value
    body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return answer["statusCode"], headers, answer.get("cookies", []), body


def _joined(headers: Pairs) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _decoded(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)
