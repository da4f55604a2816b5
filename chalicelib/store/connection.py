"""The connection to DynamoDB: one client for all tables, and no detour on the way back.

PynamoDB makes a client for each table, at a tenth of a second and ten megabytes apiece; here all share one. botocore
walks every answer once more to turn timestamps and binary values into Python's, of which our tables have none.
"""

from __future__ import annotations

import threading
from typing import Any

from botocore.parsers import JSONParser, ResponseParserFactory
from pynamodb.connection import Connection

from ..settings import settings
from . import ledgers

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


class _Connection(Connection):
    @property
    def session(self) -> Any:
        session = super().session
        session.register_component("response_parser_factory", _Parsers())
        return session


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
