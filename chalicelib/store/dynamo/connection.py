"""The connection to DynamoDB: one client for all tables, whose answers are taken as they come.

PynamoDB makes a client for each table, which takes a tenth of a second and ten megabytes each time. Here all tables
share one. botocore looks through every answer for timestamps and binary values, but our tables have none. That is a
fifth of a page of twenty statuses. Its calls are shortened as well (`aws/clients.py`).

Queries are put together here. PynamoDB compares and combines conditions for what is one line of text, which was a fifth
of a query.

To do without: `_Connection.session` registers no parser, `_Connection.client` shortens nothing, and `_Connection.query`
is deleted.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.utils import lowercase_dict
from pynamodb.connection import Connection
from pynamodb.connection.base import BOTOCORE_EXCEPTIONS, MetaTable
from pynamodb.exceptions import QueryError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.projection import create_projection_expression

from ...aws import quick_json
from ...aws.clients import AGENT, shorten
from ...settings import settings
from . import ledgers
from .failures import THROTTLED, Overloaded, ToldToWait, is_late
from .keys import can_exist

OK = 200
_OF_INDEXES = ("AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")
_making = threading.Lock()
_shared: Connection | None = None


class Limits:
    """Time limits of one call. Those of a whole request are in `failures.within`."""

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
    """PynamoDB's connection with a client whose calls are short, and with queries put together in less time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._partition_keys: dict[tuple[str, str | None], tuple[str, str]] = {}
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

    def query(  # noqa: PLR0913  (as PynamoDB's)
        self, table_name: str, hash_key: str, range_key_condition: Condition | None = None,
        filter_condition: Condition | None = None, attributes_to_get: Sequence[str] | None = None,
        consistent_read: bool = False, exclusive_start_key: Mapping[str, Any] | None = None,
        index_name: str | None = None, limit: int | None = None, return_consumed_capacity: str | None = None,
        scan_index_forward: bool | None = None, select: str | None = None,
    ) -> dict[str, Any]:
        """As PynamoDB's, which compares and combines conditions for what is one text, and looks up each name anew."""
        if not can_exist(hash_key):
            return {"Items": [], "Count": 0, "ScannedCount": 0}
        key, key_type = self._partition_key(table_name, index_name)
        names: dict[str, str] = {key: "#0"}
        values: dict[str, Any] = {":0": {key_type: hash_key}}
        wanted: dict[str, Any] = {"TableName": table_name, "KeyConditionExpression": "#0 = :0"}
        if range_key_condition is not None:
            wanted["KeyConditionExpression"] += f" AND {range_key_condition.serialize(names, values)}"
        if filter_condition is not None:
            wanted["FilterExpression"] = filter_condition.serialize(names, values)
        if attributes_to_get:
            wanted["ProjectionExpression"] = create_projection_expression(attributes_to_get, names)
        options = {
            "ConsistentRead": consistent_read or None, "ExclusiveStartKey": exclusive_start_key,
            "IndexName": index_name, "Limit": limit, "ScanIndexForward": scan_index_forward, "Select": select,
            "ReturnConsumedCapacity": return_consumed_capacity or "TOTAL",
        }
        wanted |= {name: value for name, value in options.items() if value is not None}
        wanted["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
        wanted["ExpressionAttributeValues"] = values
        try:
            return self._make_api_call("Query", wanted)
        except BOTOCORE_EXCEPTIONS as error:
            raise QueryError(f"Failed to query items: {error}", error) from error

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        """As PynamoDB's. Raises ToldToWait if DynamoDB says wait after all tries of the client."""
        try:
            return super()._make_api_call(operation_name, operation_kwargs)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code in THROTTLED:
                raise ToldToWait(f"{operation_name}: {code}") from error
            raise

    def _partition_key(self, table_name: str, index_name: str | None) -> tuple[str, str]:
        """Name and type of the partition key of a table, or of an index of one."""
        known = self._partition_keys.get((table_name, index_name))
        if known is None:
            table = self.get_meta_table(table_name)
            name = table.get_index_hash_keyname(index_name) if index_name else table.hash_keyname
            known = self._partition_keys[table_name, index_name] = name, table.get_attribute_type(name)
        return known


def _give_up_when_late(response: Any, caught_exception: Exception | None, **_: Any) -> None:
    """Raise Overloaded instead of letting the client try again, when the time for that is over."""
    if is_late() and (caught_exception is not None or _may_pass(*response)):
        raise Overloaded("the time for trying again is over") from caught_exception


def _may_pass(answer: Any, parsed: Mapping[str, Any]) -> bool:
    """Whether this is an answer after which the client tries again."""
    return bool(answer.status_code >= 500 or parsed.get("Error", {}).get("Code") in THROTTLED)


def learn(of: Connection, table: MetaTable) -> None:
    """Tell a connection of a table as one model describes it. Several models may share the table, and not all of them
    have its indexes.
    """
    try:
        of.add_meta_table(table)
    except ValueError:  # it knows the table, as another model describes it
        known = of.get_meta_table(table.table_name)
        for part in _OF_INDEXES:
            there = known.data.get(part) or []
            known.data[part] = [*there, *(each for each in table.data.get(part) or () if each not in there)]


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
            _shared.client.meta.events.register("needs-retry.dynamodb", _give_up_when_late)
        return _shared


def forget() -> None:
    """Drop the client (the local stage and the tests change the endpoint)."""
    global _shared
    _shared = None
