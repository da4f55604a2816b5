"""Sockets: what the gateway tells of them, in the events of a WebSocket API, and what it is answered.

    connect      before a socket is open: the status decides whether it will be
    message      a client says something
    disconnect   a socket is closed; it may come twice, late, or never

The session cookie is never looked at: the page of another site could open a socket with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.refusals import Throttled
from ..domain.streaming import opening
from ..domain.streaming.opening import Opened
from ..settings import settings
from . import limits
from .auth import bearer_in
from .request import came_by_the_cdn

Event = Mapping[str, Any]
Reply = dict[str, Any]
PROTOCOL = "sec-websocket-protocol"
STATUS = {Opened.YES: 200, Opened.UNAUTHORIZED: 401, Opened.NO_SUCH_STREAM: 404}
LONGEST_TOKEN = 500


def connect(event: Event) -> Reply:
    """Whether a socket may open. The token is in the query, in the protocol, or in a header, whichever is first."""
    if not settings.streaming:
        return {"statusCode": 404}
    settings.refresh()
    headers, query = _headers(event), _query(event)
    offered = headers.get(PROTOCOL, "").partition(",")[0].strip()
    token = query.get("access_token") or offered or bearer_in(headers.get("authorization", "")) or ""
    try:
        limits.enforce((limits.STREAMING,), None, _ip(event, headers), {})
    except Throttled:
        return {"statusCode": 429}
    if len(token) > LONGEST_TOKEN:
        return {"statusCode": STATUS[Opened.UNAUTHORIZED]}
    opened = opening.open_socket(_id(event), token, query)
    reply: Reply = {"statusCode": STATUS[opened]}
    if opened is Opened.YES and offered:
        reply["headers"] = {"Sec-WebSocket-Protocol": offered}  # a browser fails without
    return reply


def message(event: Event) -> Reply:
    """Do what a client says. The answer goes by the gateway, as everything that a socket gets."""
    body = event.get("body")
    if isinstance(body, str) and body and not event.get("isBase64Encoded"):
        settings.refresh()
        opening.hear(_id(event), body)
    return {"statusCode": 200}


def disconnect(event: Event) -> Reply:
    opening.close_socket(_id(event))
    return {"statusCode": 200}


def _id(event: Event) -> str:
    return str(event["requestContext"]["connectionId"])


def _headers(event: Event) -> dict[str, str]:
    """By name in lower case."""
    sent = {**_joined(event.get("multiValueHeaders")), **(event.get("headers") or {})}
    return {name.lower(): str(value) for name, value in sent.items()}


def _joined(values: Mapping[str, list[str]] | None) -> dict[str, str]:
    return {name: ",".join(each) for name, each in (values or {}).items()}


def _query(event: Event) -> dict[str, str]:
    """The first value of each name."""
    several = event.get("multiValueQueryStringParameters") or {}
    return {**(event.get("queryStringParameters") or {}), **{name: each[0] for name, each in several.items() if each}}


def _ip(event: Event, headers: Mapping[str, str]) -> str:
    """The client's address as the CDN saw it, or as the gateway did."""
    if came_by_the_cdn(headers) and headers.get("x-kenoma-client", "").strip():
        return headers["x-kenoma-client"].strip()
    return str((event["requestContext"].get("identity") or {}).get("sourceIp") or "unknown")
