"""The connection to DynamoDB: one client for all tables, and no detours there and back.

PynamoDB makes a client for each table, at a tenth of a second and ten megabytes apiece; here all share one. botocore
walks every answer once more to turn timestamps and binary values into Python's, of which our tables have none. For
each call it puts its name together twice, looks for the address that it had found when it was made, and signs at
length: a third of what a call takes.
"""

from __future__ import annotations

import json
import threading
from typing import Any

from botocore.config import Config
from botocore.parsers import JSONParser, ResponseParserFactory
from pynamodb.connection import Connection

from ..settings import settings
from . import ledgers
from .signature import Signer

_making = threading.Lock()
_shared: Connection | None = None


class Limits:
    """Time limits stay well below the gateway's 29 seconds."""

    region = settings.region
    connect_timeout_seconds = 2
    read_timeout_seconds = 5
    max_retry_attempts = 3
    max_pool_connections = 48


class _AsSent(JSONParser):
    """An answer as the JSON it is: what DynamoDB sends has the shape that callers read."""

    def _handle_json_body(self, raw_body: bytes, shape: Any) -> Any:
        return self._parse_body_as_json(raw_body)  # type: ignore[attr-defined]


class _Parsers(ResponseParserFactory):
    def __init__(self) -> None:
        super().__init__()
        self._parser = _AsSent()

    def create_parser(self, protocol_name: str) -> Any:
        return self._parser if protocol_name == "json" else super().create_parser(protocol_name)


class _AsGiven:
    """A call as the JSON that it is: what PynamoDB hands over has the shape that DynamoDB reads."""

    def __init__(self, prefix: str, version: str) -> None:
        self._prefix, self._type = prefix, f"application/x-amz-json-{version}"
        self._encode = json.JSONEncoder(check_circular=False).encode

    def serialize_to_request(self, parameters: dict[str, Any], operation_model: Any) -> dict[str, Any]:
        headers = {"X-Amz-Target": f"{self._prefix}.{operation_model.name}", "Content-Type": self._type}
        return {"url_path": "/", "query_string": "", "method": "POST", "headers": headers,
                "body": self._encode(parameters).encode()}


class _Connection(Connection):
    @property
    def session(self) -> Any:
        session = super().session
        session.register_component("response_parser_factory", _Parsers())
        session.set_default_client_config(Config(user_agent="Kenoma"))
        return session

    @property
    def client(self) -> Any:
        """The client, which PynamoDB makes when it is first asked for, and again while it has no credentials."""
        known, made = self._client, super().client
        if made is not known:
            _shorten(made)
        return made


def _shorten(client: Any) -> None:
    """Leave out of each call what comes out the same: the address, all of the signature but its last step, and the
    walk through the shapes of what is sent."""
    about = client.meta.service_model.metadata
    client._serializer = _AsGiven(about["targetPrefix"], about["jsonVersion"])
    client._ruleset_resolver = None  # then it takes the address that it was made with
    signer, events, service = client._request_signer, client.meta.events, "request-created.dynamodb"
    events.unregister(service, signer.handler)
    events.register(service, Signer(signer._credentials, client.meta.region_name, client.meta.endpoint_url))


def shared() -> Connection:
    """The one connection of this process."""
    global _shared
    with _making:
        if _shared is None:
            _shared = _Connection(
                region=Limits.region, connect_timeout_seconds=Limits.connect_timeout_seconds,
                read_timeout_seconds=Limits.read_timeout_seconds, max_retry_attempts=Limits.max_retry_attempts,
                max_pool_connections=Limits.max_pool_connections,
            )
            ledgers.watch(_shared.client)
        return _shared


def forget() -> None:
    """Drop the client (the local stage and the tests change the endpoint)."""
    global _shared
    _shared = None
