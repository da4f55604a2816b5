"""The door: what Lambda calls for each request, around the application that Chalice serves.

It opens the event, finds the route and gives both to Chalice. What no route answers is answered here, without Chalice:
preflights, unknown paths and methods. The reply leaves in the form of the event that came, compressed where that helps.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

from chalice.app import Chalice

from . import edge, fronting, logs
from .accepting import accepts_gzip, wants_page
from .errors import NOT_IMPLEMENTED, WENT_WRONG
from .mounting import Mounting
from .request import Event, is_past_the_cdn, opened
from .routes import Routes

REFUSED = "Access denied"
OF_ANY_WORD = ("", "/{name}")
"""The routes of words that are no address of ours, or may be somebody's nickname."""
COMPRESSED_FROM = 1_024
LEVEL = 3  # measured: docs/decisions/0019-one-route.md
_AS_GZIP = 31  # zlib's number for its largest window in the format of gzip


class Door:
    """The handler of every HTTP request to a Chalice app."""

    def __init__(self, app: Chalice, mounting: Mounting | None = None) -> None:
        self.app, self.mounting = app, mounting
        self.methods = mounting.routes if mounting else app.routes
        self.routes = Routes(self.methods)

    def __call__(self, event: Event, context: Any) -> dict[str, Any]:
        """Answer one event. Never raises: what failed is in the log, and the client gets an error of the API's form."""
        request: Event = {}
        try:
            request = opened(event)
            reply = self._reply_to(event, request, context)
        except Exception:  # noqa: BLE001  (the outermost: past it, the edge would answer in words of its own)
            logs.crashed("", request.get("httpMethod", ""), "")
            reply = edge.refusal(500, WENT_WRONG)
        if request.get("httpMethod") == "HEAD":
            reply["body"] = ""
        if event.get("version") != "2.0":
            return reply
        return _as_2_0(reply, compress=accepts_gzip(request.get("headers", {})))

    def _reply_to(self, event: Event, request: Event, context: Any) -> dict[str, Any]:
        sent_id = request["headers"].get("x-request-id")
        if is_past_the_cdn(event):
            return edge.refusal(403, REFUSED, sent_id)
        fronted = fronting.find(request["httpMethod"], request["path"], request["headers"])
        if fronted is None or fronted.dresses:
            reply = self._own_reply_to(request, context)
            dressed = fronted and fronting.dress(fronted, request["headers"], reply)
            return edge.sent(dressed, sent_id) if dressed else reply
        return edge.sent(fronting.answer(fronted, request["headers"]), sent_id)

    def _own_reply_to(self, request: Event, context: Any) -> dict[str, Any]:
        """The reply of the server itself, whatever frontend is in front of it."""
        sent_id = request["headers"].get("x-request-id")
        method = request["httpMethod"]
        route, values = self.routes.find(request["path"]) or ("", {})
        home = fronting.lead_home(request["path"]) if route in OF_ANY_WORD and method in ("GET", "HEAD") else None
        if home is not None:
            return edge.sent(home, sent_id)
        if not route or method not in self.methods[route]:
            return edge.preflight(sent_id) if method == "OPTIONS" else self._no_route(request, route)
        if self.mounting:
            self.mounting.prepare(route, method)
        request["resource"] = request["requestContext"]["resourcePath"] = route
        request["pathParameters"] = values
        return self.app(request, context)

    def _no_route(self, request: Event, route: str) -> dict[str, Any]:
        """The reply where nothing answers. Browsers are told that there is something, but not for what they did."""
        there = route and "GET" in self.methods[route] and wants_page(request["headers"].get("accept", ""))
        return edge.refusal_of(request, 405 if there else 404, NOT_IMPLEMENTED)


def _as_2_0(reply: dict[str, Any], *, compress: bool) -> dict[str, Any]:
    """A reply of Chalice in format 2.0, which has one value for each header, and a list of its own for cookies."""
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for name, value in [*reply["headers"].items(), *(reply.get("multiValueHeaders") or {}).items()]:
        values = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        if name.lower() == "set-cookie":
            cookies += values
        else:
            headers[name] = ", ".join(values)
    body, is_encoded = reply["body"], bool(reply.get("isBase64Encoded"))
    if isinstance(body, bytes):
        body, is_encoded = base64.b64encode(body).decode(), True
    if compress and not is_encoded and len(body) > COMPRESSED_FROM:
        body, is_encoded = _compressed(body), True
        headers["Content-Encoding"] = "gzip"
    answer = {"statusCode": reply["statusCode"], "headers": headers, "body": body, "isBase64Encoded": is_encoded}
    return answer | {"cookies": cookies} if cookies else answer


def _compressed(text: str) -> str:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _AS_GZIP)
    return base64.b64encode(packer.compress(text.encode()) + packer.flush()).decode()
