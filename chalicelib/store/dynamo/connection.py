"""The connection to DynamoDB: one client for all tables, whose answers are taken as they come.

PynamoDB makes a client for each table, which takes a tenth of a second and ten megabytes each time. Here all tables
share one. botocore looks through every answer for timestamps and binary values, but our tables have none. That is a
fifth of a page of twenty statuses. Its calls are shortened as well (`aws/clients.py`).

To do without: `_Connection.session` registers no parser, and `_Connection.client` shortens nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from botocore.config import Config
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.utils import lowercase_dict
from pynamodb.connection import Connection

from ...aws import quick_json
from ...aws.clients import AGENT, shorten
from ...settings import settings
from . import ledgers

OK = 200
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
    """Gives the decoded JSON of an answer as it is: it has the shape that callers read. Errors are botocore's."""

    def parse(self, response: Mapping[str, Any], shape: Any) -> Any:
        if response["status_code"] == OK:
            with suppress(ValueError, TypeError):  # it is empty, or no service of AWS wrote it
                headers = lowercase_dict(response["headers"])
                about = {"HTTPStatusCode": OK, "HTTPHeaders": headers, "RequestId": headers.get("x-amzn-requestid")}
                return {**quick_json.decode(response["body"]), "ResponseMetadata": about}
        return super().parse(response, shape)


class _Parsers(ResponseParserFactory):
    def __init__(self) -> None:
        super().__init__()
        self._parser = _AsSent()

    def create_parser(self, protocol_name: str) -> Any:
        return self._parser if protocol_name == "json" else super().create_parser(protocol_name)


class _Connection(Connection):
    """PynamoDB's connection with a client whose calls are short."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._shortened: Any = None

    @property
    def session(self) -> Any:
        session = super().session
        session.register_component("response_parser_factory", _Parsers())
        session.set_default_client_config(Config(user_agent=AGENT))
        return session

    @property
    def client(self) -> Any:
        """The client. PynamoDB makes it at first use, and again while it has no credentials."""
        made = super().client
        if made is not self._shortened:
            shorten(made, self.session.get_credentials())
            self._shortened = made
        return made


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
