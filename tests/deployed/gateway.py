"""Events as API Gateway hands them to a function, also those where it leaves out what was not sent."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any
from urllib.parse import unquote

from chalicelib.web.endpoint import Endpoint

STAGE = "api"
ADDED = {
    "Accept": "*/*", "Accept-Encoding": "gzip, deflate, br", "CloudFront-Forwarded-Proto": "https",
    "CloudFront-Is-Mobile-Viewer": "false", "CloudFront-Viewer-Country": "DE", "Host": "kenoma.test",
    "User-Agent": "a client", "Via": "2.0 0123abcd.cloudfront.net (CloudFront)", "X-Amz-Cf-Id": "abc==",
    "X-Amzn-Trace-Id": "Root=1-5e272390-8c398be037738dc042009320", "X-Forwarded-For": "192.0.2.7, 70.132.20.166",
    "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https",
}
"""The headers that an event always has, whether or not a client sent them."""
Pairs = list[tuple[str, str]]


def event(declared: Endpoint, path: str, *, template: str | None = None, query: Pairs | None = None,
          headers: dict[str, str] | None = None, body: bytes | None = None, is_text: bool = False,
          decoded: bool = False, method: str = "") -> dict[str, Any]:
    """`path`: percent-encoded, as it was sent. Without `headers` there are none at all, which the gateway's own test
    page does. A body is text where its type is not binary for the gateway; `decoded`: the values of the path are."""
    template = template or declared.path
    names, values = template.strip("/").split("/"), path.strip("/").split("/")
    captured = {name[1:-1]: unquote(value) if decoded else value
                for name, value in zip(names, values, strict=True) if name.startswith("{")}
    grouped: dict[str, list[str]] = {}
    for name, value in query or []:
        grouped.setdefault(name, []).append(value)
    all_headers = None if headers is None else ADDED | headers
    text = None if body is None else body.decode() if is_text else base64.b64encode(body).decode()
    return {
        "resource": template, "path": unquote(path), "httpMethod": method or declared.method,
        "headers": all_headers,
        "multiValueHeaders": None if all_headers is None else {name: [value] for name, value in all_headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in grouped.items()} or None,
        "multiValueQueryStringParameters": grouped or None,
        "pathParameters": captured or None, "stageVariables": None,
        "requestContext": {
            "resourceId": "2gxmpl", "resourcePath": template, "httpMethod": method or declared.method,
            "extendedRequestId": "JJbxmplHYosFVYQ=", "requestTime": "21/Nov/2026:00:03:59 +0000",
            "path": f"/{STAGE}{path}", "accountId": "123456789012", "protocol": "HTTP/1.1", "stage": STAGE,
            "domainPrefix": "70ixmpl4fl", "requestTimeEpoch": 1795219439000, "requestId": str(uuid.uuid4()),
            "identity": {
                "cognitoIdentityPoolId": None, "accountId": None, "cognitoIdentityId": None, "caller": None,
                "sourceIp": "192.0.2.7", "principalOrgId": None, "accessKey": None, "user": None, "userArn": None,
                "cognitoAuthenticationType": None, "cognitoAuthenticationProvider": None, "userAgent": "a client",
            },
            "domainName": "70ixmpl4fl.execute-api.us-east-1.amazonaws.com", "apiId": "70ixmpl4fl",
        },
        "body": text, "isBase64Encoded": body is not None and not is_text,
    }


MOST_BYTES = 6_000_000
"""The largest reply that Lambda lets a function give."""


def check_reply(reply: dict[str, Any]) -> None:
    """Check that API Gateway would not turn the reply into a 502 "Internal server error"."""
    assert type(reply["statusCode"]) is int
    assert type(reply["body"]) is str
    assert type(reply.get("isBase64Encoded", False)) is bool
    assert not reply.get("isBase64Encoded"), "binary replies come from the bucket"
    for name, value in reply["headers"].items():
        assert isinstance(value, (str, int, float)), name
    for name, values in (reply.get("multiValueHeaders") or {}).items():
        assert isinstance(values, list), name
    assert len(json.dumps(reply)) < MOST_BYTES
