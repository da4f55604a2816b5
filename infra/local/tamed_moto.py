"""moto made fit for parallel requests: one call at a time, and without work that grows with the data.

It is patched once per process, before the first `mock_aws`. Six faults of moto 5.2 are mended, and each has a test in
`tests/infra/test_tamed_moto.py`. Threads lose counter updates. Keys of any length are looked for. Replies format every
attribute value by the service model. A transaction copies whole tables. A query sorts its whole table first. Sending a
message counts all messages in the queue, three times. Also, each call looked through all members of its class for the
method that answers; now that is remembered.
"""

import copy
import functools
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .quick_moto import quicken_moto

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _PatientLock:
    """A re-entrant lock that looks again every half second.

    With many threads, a wake-up was seen to get lost between C library and kernel: the lock was free, but a thread
    waited for it until something else disturbed its sleep.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        for _ in range(240):
            if self._lock.acquire(timeout=0.5):
                return
        raise TimeoutError(f"moto did not answer for two minutes: {self._lock!r}, in {threading.current_thread()!r}")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


lock = _PatientLock()
"""Held while moto answers. Hold it to read or change moto's state between two calls."""

after_call: list[Callable[[], None]] = []
"""Called under the lock after each call that moto answered, before the caller gets the answer."""

let_through: list[Callable[[Any], None]] = []
"""Called for each request that moto does not answer, because an engine beside this process does."""

_tamed = False


def tame_moto() -> None:
    """Patch moto. A second time changes nothing."""
    global _tamed
    if _tamed:
        return
    _tamed = True
    _one_call_at_a_time()
    _plain_values_as_they_are()
    _undo_single_items()
    _query_one_partition()
    _refuse_long_keys()
    _send_without_counting()
    _look_up_methods_once()
    quicken_moto()


def _one_call_at_a_time() -> None:
    from moto.core.botocore_stubber import BotocoreStubber
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication

    answer = BotocoreStubber.__call__
    serve = DomainDispatcherApplication.__call__

    def locked(self: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        if not self.enabled:
            return None
        if urlsplit(request.url).hostname in LOOPBACK:  # moto would try its 300 patterns on it
            for told in let_through:
                told(request)
            return None
        with lock:
            reply = answer(self, event_name, request, **kwargs)
            for hook in after_call:
                hook()
            return reply

    def locked_server(self: Any, environ: Any, start_response: Any) -> Any:
        with lock:
            reply = list(serve(self, environ, start_response))
            for hook in after_call:
                hook()
            return reply

    setattr(BotocoreStubber, "__call__", locked)  # noqa: B010  (mypy refuses to assign to a method)
    setattr(DomainDispatcherApplication, "__call__", locked_server)  # noqa: B010


def _plain_values_as_they_are() -> None:
    """Send an attribute value without binary as it is, because it needs no conversion."""
    from moto.core import serialize

    slow = serialize.BaseJSONSerializer._serialize_type_structure  # noqa: SLF001  (moto offers no other place)

    def is_plain(value: Any) -> bool:
        if type(value) is not dict or len(value) != 1:
            return False
        ((kind, content),) = value.items()
        if kind == "M":
            return type(content) is dict and all(map(is_plain, content.values()))
        if kind == "L":
            return type(content) is list and all(map(is_plain, content))
        return kind in ("S", "N", "BOOL", "NULL", "SS", "NS")

    def fast(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if key and shape.name == "AttributeValue" and is_plain(value):
            serialized[key] = value
        else:
            slow(self, serialized, value, shape, key)

    setattr(serialize.BaseJSONSerializer, "_serialize_type_structure", fast)  # noqa: B010


def _undo_single_items() -> None:
    """Keep the items that a transaction touches, to put them back if it fails, instead of a copy of each table."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import Table

    write = DynamoDBBackend.transact_write_items
    copying = threading.local()

    def itself(self: Any, memo: dict[int, Any]) -> Any:
        if getattr(copying, "off", False):
            return self
        plain = object.__new__(type(self))
        memo[id(self)] = plain
        plain.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return plain

    def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
        before = _items_named(self, transact_items)
        copying.off = True
        try:
            write(self, transact_items)
        except BaseException:
            for table, hash_value, range_value, item in before:
                _put_back(table, hash_value, range_value, item)
            raise
        finally:
            copying.off = False

    setattr(Table, "__deepcopy__", itself)  # noqa: B010
    setattr(DynamoDBBackend, "transact_write_items", transact_write_items)  # noqa: B010


def _items_named(backend: Any, transact_items: list[dict[str, Any]]) -> list[tuple[Any, Any, Any, Any]]:
    from moto.dynamodb.models.dynamo_type import DynamoType

    found = []
    for action in transact_items:
        operation = next(iter(action.values()))
        table = backend.tables.get(operation.get("TableName"))
        keys = operation.get("Key") or operation.get("Item")
        if table is None or not keys or table.hash_key_attr not in keys:
            continue
        hash_value = DynamoType(keys[table.hash_key_attr])
        range_value = None
        if table.range_key_attr is not None:
            if table.range_key_attr not in keys:
                continue
            range_value = DynamoType(keys[table.range_key_attr])
        item = table.get_item(hash_value, range_value)
        found.append((table, hash_value, range_value, copy.deepcopy(item)))
    return found


def _put_back(table: Any, hash_value: Any, range_value: Any, item: Any) -> None:
    if table.range_key_attr is None:
        if item is None:
            table.items.pop(hash_value, None)
        else:
            table.items[hash_value] = item
    elif item is None:
        table.items.get(hash_value, {}).pop(range_value, None)
    else:
        table.items[hash_value][range_value] = item


def _query_one_partition() -> None:
    """Look only through the partition that is asked for. An index is not sorted before, because the query sorts it."""
    from moto.dynamodb.models.table import Table

    query, all_items = Table.query, Table.all_items
    asked = threading.local()

    def one_partition(self: Any, *args: Any, **kwargs: Any) -> Any:
        names = ("hash_key", "range_comparison", "range_objs", "limit", "exclusive_start_key", "scan_index_forward")
        given = dict(zip((*names, "projection_expressions", "index_name"), args, strict=False)) | kwargs
        index = given.get("index_name")
        local = index is None or any(index == i.name for i in self.indexes or ())
        asked.partition = given.get("hash_key") if local else None
        asked.querying = True
        try:
            return query(self, *args, **kwargs)
        finally:
            asked.querying = False

    def items_asked_for(self: Any) -> Any:
        if not getattr(asked, "querying", False):
            return all_items(self)
        if asked.partition is None:
            partitions = list(self.items.values())
        else:
            partitions = [self.items[asked.partition]] if asked.partition in self.items else []
        if self.range_key_attr is None:
            return partitions
        return [item for partition in partitions for item in partition.values()]

    setattr(Table, "query", one_partition)  # noqa: B010
    setattr(Table, "all_items", items_asked_for)  # noqa: B010


def _refuse_long_keys() -> None:
    """Refuse keys that are too long for DynamoDB wherever it does. moto does where items are put."""
    from moto.dynamodb.exceptions import HashKeyTooLong, RangeKeyTooLong
    from moto.dynamodb.limits import HASH_KEY_MAX_LENGTH, RANGE_KEY_MAX_LENGTH
    from moto.dynamodb.models.table import Table

    get_item, query = Table.get_item, Table.query

    def check(hash_value: Any, range_values: Any) -> None:
        if hash_value is not None and hash_value.size() > HASH_KEY_MAX_LENGTH:
            raise HashKeyTooLong
        if any(each is not None and each.size() > RANGE_KEY_MAX_LENGTH for each in range_values):
            raise RangeKeyTooLong

    def checked_get_item(self: Any, hash_key: Any, range_key: Any = None, *args: Any, **kwargs: Any) -> Any:
        check(hash_key, [range_key])
        return get_item(self, hash_key, range_key, *args, **kwargs)

    def checked_query(self: Any, hash_key: Any, range_comparison: Any, range_objs: Any, *args: Any,
                      **kwargs: Any) -> Any:
        check(hash_key, range_objs or ())
        return query(self, hash_key, range_comparison, range_objs, *args, **kwargs)

    setattr(Table, "get_item", checked_get_item)  # noqa: B010
    setattr(Table, "query", checked_query)  # noqa: B010


def _send_without_counting() -> None:
    """Ask for no numbers when sending. moto asks for all attributes of the queue, to see one that only a FIFO has."""
    from moto.sqs.models import Queue, SQSBackend

    send, attributes = SQSBackend.send_message, vars(Queue)["attributes"].fget
    sending = threading.local()

    def send_message(self: Any, *args: Any, **kwargs: Any) -> Any:
        sending.now = True
        try:
            return send(self, *args, **kwargs)
        finally:
            sending.now = False

    def needed_attributes(self: Any) -> dict[str, Any]:
        if getattr(sending, "now", False) and not self.fifo_queue:
            return {"MessageRetentionPeriod": self.message_retention_period}  # read where a function is told at once
        found: dict[str, Any] = attributes(self)
        return found

    setattr(SQSBackend, "send_message", send_message)  # noqa: B010
    setattr(Queue, "attributes", property(needed_attributes))  # noqa: B010


def _look_up_methods_once() -> None:
    from moto.core import responses
    from moto.core.utils import method_names_from_class

    setattr(responses, "method_names_from_class", functools.cache(method_names_from_class))  # noqa: B010
