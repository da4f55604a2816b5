"""The request as endpoints may see it. Its parts are read only when somebody asks for them.

Most endpoints do not need it, because their arguments are taken from it and checked. `request: Request` is for what
has no type of its own: headers, cookies, all parameters at once.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ..domain.refusals import BadRequest, TooLarge
from ..settings import settings
from .body import Fields, read_body, read_query

if TYPE_CHECKING:
    from chalice.app import Request as GatewayRequest

BODY_BEYOND_UPLOAD = 1_000_000
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

    def _body(self) -> Fields:
        event = self._gateway.to_original_event()
        body = event["body"]
        if not body:
            return {}
        limit = settings.upload_limit + BODY_BEYOND_UPLOAD
        if len(body) > (limit * 4 // 3 + 4 if event.get("isBase64Encoded") else limit):
            raise TooLarge
        try:
            raw = self._gateway.raw_body
        except ValueError:
            raise BadRequest from None
        raw = raw.encode() if isinstance(raw, str) else raw
        if len(raw) > limit:
            raise TooLarge
        return read_body(raw, self.headers.get("content-type", ""))

    @property
    def cookies(self) -> dict[str, str]:
        pairs = (pair.partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return {name.strip(): value.strip() for name, separator, value in pairs if separator}

    @property
    def ip(self) -> str:
        """The client's address as the gateway saw it, or as the CDN saw it if the request came through the CDN."""
        shown = self.headers.get("x-kenoma-front", "").encode(errors="replace")
        if settings.front_key and hmac.compare_digest(shown, settings.front_key.encode()):
            *_, client, _cdn = ["", "", *self.headers.get("x-forwarded-for", "").split(",")]  # by CDN and gateway
            if client.strip():
                return client.strip()
        identity: Mapping[str, Any] = self._gateway.context.get("identity") or {}
        return str(identity.get("sourceIp") or "unknown")

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


def new_or_sent(sent: str | None) -> str:
    """The request id that the client sent, if it is acceptable, else a new one."""
    if sent is not None and _ECHOED_ID.fullmatch(sent):
        return sent
    return base64.urlsafe_b64encode(os.urandom(15)).decode()
