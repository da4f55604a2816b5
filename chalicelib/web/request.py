"""What an edge hands over: the one door for all formats of events, and the request as endpoints may see it.

An HTTP API and a function URL send events of format 2.0. `chalice local` and the test client make those of format 1.0,
as a REST API does. `opened` turns each of them into the one form that Chalice reads. Nobody else knows the formats.

The parts of a request are read only when somebody asks for them. Most endpoints do not need it, because their arguments
are taken from it and checked. `request: Request` is for what has no type of its own: headers, cookies, all parameters.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlencode

from ..domain.refusals import BadRequest, TooLarge
from ..settings import settings
from .body import Fields, read_body, read_query

if TYPE_CHECKING:
    from chalice.app import Request as GatewayRequest

Event = dict[str, Any]
BODY_BEYOND_UPLOAD = 1_000_000
OURS = "x-kenoma-"
"""Headers by which the CDN tells what only it sees (`infra/deploy/before_the_api.js`)."""
OF_A_FUNCTION_URL = ".lambda-url."
HERE = "localhost"
"""The domain that the local stage writes into its events. Its paths are as they were sent."""
_NOT_QUOTED = "!$&'()*+,;=:@"
_ECHOED_ID = re.compile(r"[\x21-\x7e]{20,200}")


class Request:
    """One request. `route` is the declared path, `path` the requested one."""

    def __init__(self, gateway: GatewayRequest, path_values: Mapping[str, str]) -> None:
        self._gateway = gateway
        self.method: str = gateway.method
        self.route: str = gateway.path
        self.headers: Mapping[str, str] = gateway.headers
        self.path_values = {
            name: unquote(value) if "%" in value else value for name, value in path_values.items()
        } if path_values else {}
        self.id = new_or_sent(gateway.headers.get("x-request-id"))
        self.body_names: Container[str] = ()
        self.token: str | None = None  # the access token that decided who calls
        self._fields: Fields | None = None
        self._query: Fields | None = None

    @property
    def query(self) -> Fields:
        if self._query is None:
            self._query = read_query(self.query_values)
        return self._query

    @property
    def query_values(self) -> dict[str, list[str]]:
        """The query as sent: every name with all values. Brackets have no meaning here."""
        values: dict[str, list[str]] | None = self._gateway.to_original_event()["multiValueQueryStringParameters"]
        return values or {}

    @property
    def fields(self) -> Fields:
        """All parameters by name, the body's before the query's."""
        if self._fields is None:
            body = self._body()
            self.body_names = body.keys()
            self._fields = {**self.query, **body} if body else self.query
        return self._fields

    @property
    def sent_object(self) -> Fields:
        """What the body has, by name, without the credentials. For bodies whose names anybody chooses."""
        fields = self.fields
        return {name: value for name, value in fields.items()
                if name in self.body_names and name not in ("access_token", "admin_token")}

    def _body(self) -> Fields:
        event = self._gateway.to_original_event()
        body = event["body"]
        if not body:
            return {}
        limit = settings.upload_limit + BODY_BEYOND_UPLOAD
        if len(body) > (limit * 4 // 3 + 4 if event.get("isBase64Encoded") else limit):
            raise TooLarge
        raw = self.raw_body
        if len(raw) > limit:
            raise TooLarge
        return read_body(raw, self.headers.get("content-type", ""))

    @property
    def raw_body(self) -> bytes:
        """The bytes of the body as they were sent, which is what a digest is about. Raises BadRequest."""
        try:
            raw = self._gateway.raw_body
        except ValueError:
            raise BadRequest from None
        return raw.encode() if isinstance(raw, str) else bytes(raw)

    @property
    def cookies(self) -> dict[str, str]:
        return cookies_in(self.headers)

    @property
    def ip(self) -> str:
        """The client's address as the gateway saw it, or as the CDN saw it if the request came through the CDN."""
        if came_by_the_cdn(self.headers):
            *_, client, _cdn = ["", "", *self.headers.get("x-forwarded-for", "").split(",")]  # by CDN and gateway
            client = self.headers.get("x-kenoma-client", "").strip() or client.strip()
            if client:
                return client
        identity: Mapping[str, Any] = self._gateway.context.get("identity") or {}
        return str(identity.get("sourceIp") or "unknown")

    @property
    def target(self) -> str:
        """Path and query as they were sent, which is what a signature is about."""
        event = self._gateway.to_original_event()
        return str(event["target"]) if "target" in event else self.target_anew

    @property
    def target_anew(self) -> str:
        """Path and query written anew from what was understood of them."""
        return _target(self.path, urlencode(self.query_values, doseq=True))

    @property
    def path(self) -> str:
        path = self.route
        for name, value in self.path_values.items():
            path = path.replace("{" + name + "}", quote(value, safe="@:~"))
        return path

    @property
    def url(self) -> str:
        """The public address of what was asked for, without the query."""
        return settings.base_url + self.path


def cookies_in(headers: Mapping[str, str]) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, separator, value in pairs if separator}


def came_by_the_cdn(headers: Mapping[str, str]) -> bool:
    """Whether the request shows the key that only the CDN of this stack has. Only then its other headers are true."""
    shown = headers.get("x-kenoma-front", "").encode(errors="replace")
    return bool(settings.front_key) and hmac.compare_digest(shown, settings.front_key.encode())


def opened(event: Event) -> Event:
    """An event of any format in the form that Chalice reads. The route and the values of the path are still missing.

    Beside what Chalice reads it has `target`, the path and the query as they were sent.
    """
    return _of_2_0(event) if event.get("version") == "2.0" else _of_1_0(event)


def is_past_the_cdn(event: Event) -> bool:
    """Whether somebody calls the function's URL directly: it has no limits, so only the CDN may use it."""
    domain = str(event.get("requestContext", {}).get("domainName", ""))
    return OF_A_FUNCTION_URL in domain and not came_by_the_cdn(_headers(event))


def _of_1_0(event: Event) -> Event:
    context = event["requestContext"]
    path = event.get("path") or context["path"]
    query = event.get("multiValueQueryStringParameters") or {}
    return {
        "body": None, "stageVariables": None, "multiValueQueryStringParameters": None,
        **event, "path": path, "headers": _headers(event), "target": _target(path, urlencode(query, doseq=True)),
        "requestContext": {**context, "httpMethod": event.get("httpMethod") or context["httpMethod"]},
    }


def _of_2_0(event: Event) -> Event:
    context = event["requestContext"]
    http = context["http"]
    headers = _headers(event)
    path = _path_as_sent(event, headers)
    query = event.get("rawQueryString") or ""
    return {
        "httpMethod": http["method"], "path": path, "target": _target(path, query), "headers": headers,
        "multiValueQueryStringParameters": parse_qs(query, keep_blank_values=True) or None,
        "body": event.get("body") or None, "isBase64Encoded": bool(event.get("isBase64Encoded")),
        "stageVariables": None,
        "requestContext": {
            "httpMethod": http["method"], "path": path, "requestId": context.get("requestId"),
            "identity": {"sourceIp": http.get("sourceIp")},
        },
    }


def _headers(event: Event) -> dict[str, str]:
    """The headers by lower-case name. What only the CDN may say is left out, unless the CDN said it."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    if "cookie" not in headers and event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    if came_by_the_cdn(headers):
        return headers
    return {name: value for name, value in headers.items() if not name.startswith(OURS)}


def _path_as_sent(event: Event, headers: Mapping[str, str]) -> str:
    """An HTTP API decodes the path, so each of its words is encoded anew, unless the CDN says what was sent."""
    raw: str = headers.get("x-kenoma-path") or event.get("rawPath") or "/"
    domain = str(event["requestContext"].get("domainName", ""))
    if "x-kenoma-path" in headers or OF_A_FUNCTION_URL in domain or domain == HERE:
        return raw
    return "/".join(quote(word, safe=_NOT_QUOTED, errors="replace") for word in raw.split("/"))


def _target(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def new_or_sent(sent: str | None) -> str:
    """The request id that the client sent, if it is acceptable, else a new one."""
    if sent is not None and _ECHOED_ID.fullmatch(sent):
        return sent
    return base64.urlsafe_b64encode(os.urandom(15)).decode()
