"""Who has a connection, and the events that API Gateway makes of what they do."""

from __future__ import annotations

import base64
import secrets
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from .. import http

API_ID = "local"
STAGE = "api"
CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"

Event = dict[str, Any]


def _new_id() -> str:
    """As API Gateway's: base64, with characters that have to be escaped in a path."""
    return base64.b64encode(secrets.token_bytes(11)).decode()


@dataclass(frozen=True)
class Caller:
    """One connection, as every event about it tells it. `headers` have names in lower case."""

    ip: str
    headers: dict[str, str]
    query: str
    id: str = field(default_factory=_new_id)
    connected_ms: int = field(default_factory=lambda: int(time.time() * 1000))

    @classmethod
    def of(cls, request: http.Request, ip: str, query: str | None = None) -> Caller:
        """Who sent the request. `query` stands for the one that was sent."""
        return cls(ip, dict(request.headers), request.target.partition("?")[2] if query is None else query)

    def connects(self) -> Event:
        """The event of `$connect`, the only one that has the query."""
        event = self._event("CONNECT", CONNECT) | _repeated("Headers", self.headers)
        values = parse_qs(self.query, keep_blank_values=True)
        if values:
            event["queryStringParameters"] = {name: several[-1] for name, several in values.items()}
            event["multiValueQueryStringParameters"] = values
        return event

    def says(self, text: str) -> Event:
        return self._message() | {"body": text, "isBase64Encoded": False}

    def sends(self, data: bytes) -> Event:
        """A message of bytes."""
        return self._message() | {"body": base64.b64encode(data).decode(), "isBase64Encoded": True}

    def leaves(self, code: int, reason: str) -> Event:
        about = {"disconnectStatusCode": code, "disconnectReason": reason}
        event = self._event("DISCONNECT", DISCONNECT, **about)
        return event | _repeated("Headers", {"host": self.headers.get("host", ""), "x-forwarded-for": self.ip})

    def _message(self) -> Event:
        return self._event("MESSAGE", DEFAULT, messageId=_new_id())

    def _event(self, kind: str, route: str, **more: Any) -> Event:
        now = time.time()
        request_id = str(uuid.uuid4())
        return {
            "requestContext": {
                "routeKey": route,
                "eventType": kind,
                "messageDirection": "IN",
                "connectionId": self.id,
                "connectedAt": self.connected_ms,
                "domainName": self.headers.get("host", ""),
                "stage": STAGE,
                "apiId": API_ID,
                "identity": {"sourceIp": self.ip, "userAgent": self.headers.get("user-agent")},
                "requestId": request_id,
                "extendedRequestId": request_id,
                "requestTime": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
                "requestTimeEpoch": int(now * 1000),
                **more,
            },
            "isBase64Encoded": False,
        }


def _repeated(what: str, values: dict[str, str]) -> Event:
    return {what.lower(): values, f"multiValue{what}": {name: [value] for name, value in values.items()}}
