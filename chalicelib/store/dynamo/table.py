"""The one door to DynamoDB: the base of all models, batch gets over several tables, transactions."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Self, TypeVar

from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import AttributeDeserializationError, PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from ...settings import settings
from . import connection, foreseen
from .attributes import HoldsValues, decoding_of
from .failures import (
    CONFLICT_TRIES,
    THROTTLED_TRIES,
    ToldToWait,
    is_throttled,
    is_too_large,
    pause,
    raise_unless_conflict,
)
from .failures import ConditionFailed as ConditionFailed
from .failures import Full as Full
from .failures import Overloaded as Overloaded
from .keys import Item, Key, Spelling, can_exist, spelling
from .parallel import together

BATCH_GET_KEYS = 100
TRANSACTION_ITEMS = 100
R = TypeVar("R", bound="Record")


def named(table: str) -> str:
    """The full name of a table, with the prefix of this deployment."""
    return settings.table_prefix + table


class Table(connection.Limits):
    """What the Meta of every model inherits."""


class Record(HoldsValues, Model):
    """Base of all models. Read it like any object; change it by `transaction()`, `update` or `create`.

    An attribute that is absent reads as None, or as its entry in `ABSENT` (counters read as 0).
    """

    ABSENT: ClassVar[Mapping[str, Any]] = {}
    ENDS: ClassVar[bool] = False
    """Whether it is not there any more after its `ttl`, though DynamoDB deletes it up to two days later."""
    _decoding: ClassVar[dict[str, tuple[str, str, Callable[[Any], Any] | None]] | None] = None

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """The table's own connection, with the shared client inside."""
        table_connection = super()._get_connection()
        shared = connection.shared()
        if table_connection.connection is not shared:
            connection.learn(shared, table_connection.get_meta_table())
            table_connection.connection = shared
        return table_connection

    @classmethod
    def page(cls, partition: str, **asked: Any) -> dict[str, Any]:
        """One page of a query as DynamoDB spells it. `asked` is what PynamoDB's `TableConnection.query` takes."""
        return cls._get_connection().query(partition, **asked)

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """Decode an item. PynamoDB's own way visits all attributes of the model, this one only those of the item."""
        decoding = cls.__dict__.get("_decoding") or cls._learn_decoding()
        values = dict(cls.ABSENT)
        for attribute_name, typed in data.items():
            known = decoding.get(attribute_name)
            if known is None:
                continue
            name, kind, decode = known
            value = typed.get(kind)
            if value is not None:
                values[name] = value if decode is None else decode(value)
            elif "NULL" not in typed:
                raise AttributeDeserializationError(attribute_name, kind)
        record = cls.__new__(cls)
        record.__dict__ = values
        return record

    @classmethod
    def _learn_decoding(cls) -> dict[str, tuple[str, str, Callable[[Any], Any] | None]]:
        """By the name of an attribute in DynamoDB: its own name, its type, and how to decode it."""
        cls._decoding = {attribute.attr_name: (name, attribute.attr_type, decoding_of(attribute))
                         for name, attribute in cls.get_attributes().items()}
        return cls._decoding

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fill_in()

    def _fill_in(self) -> None:
        for name, value in self.ABSENT.items():
            if self.attribute_values.get(name) is None:
                self.attribute_values[name] = value

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        """As PynamoDB, but it leaves out what reads the same when absent: smaller items, cheaper writes."""
        item = super().serialize(null_check)
        for name, absent in self.ABSENT.items():
            if self.attribute_values.get(name) == absent:
                item.pop(self.get_attributes()[name].attr_name, None)
        return item

    @classmethod
    def blank(cls, hash_key: Any, range_key: Any = None) -> Self:
        """A record that holds only its key. It reads like one that was never written."""
        record = cls.stub(hash_key, range_key)
        record.attribute_values.update(cls.ABSENT)
        return record

    @classmethod
    def stub(cls, hash_key: Any, range_key: Any = None) -> Self:
        """A record that holds only its key: the target of an update."""
        record = cls.__new__(cls)
        hash_name, range_name = spelling(cls).names
        record.attribute_values = {hash_name: hash_key}
        if range_name is not None and range_key is not None:
            record.attribute_values[range_name] = range_key
        return record


class FoundRecords:
    """What a `fetch` found: a record, or None, for each key."""

    def __init__(self, records: dict[Key, Record]) -> None:
        self._records = records

    def get(self, model: type[R], hash: Any, range: Any = None) -> R | None:
        return self._records.get(Key(model, hash, range))  # type: ignore[return-value]

    def all(self, model: type[R]) -> list[R]:
        return [record for wanted, record in self._records.items() if wanted.model is model]  # type: ignore[misc]

    def joined(self, other: FoundRecords) -> FoundRecords:
        return FoundRecords(self._records | other._records)

    def __len__(self) -> int:
        return len(self._records)


def has_ended(record: Record, now: float) -> bool:
    """Whether its time is over. Such a record counts as deleted."""
    ttl = record.attribute_values.get("ttl")
    return ttl is not None and bool(ttl <= now)


def fetch(strong: Iterable[Key] = (), eventual: Iterable[Key] = (), *, even_ended: bool = False) -> FoundRecords:
    """Get records of several tables by key. One call takes 100 keys; more keys take several calls in the same round.

    A table whose keys are in both arguments is read strongly. Keys without an item are absent from the result, and so
    are those of statuses and claims whose time is over. `even_ended`: but for those that DynamoDB still has.
    """
    strong_keys = dict.fromkeys(strong)
    strong_tables = {wanted.model.Meta.table_name for wanted in strong_keys}
    wanted = list(dict.fromkeys([*strong_keys, *eventual]))
    known = foreseen.at_hand() or {}
    found: dict[Key, Record] = {each: known[each] for each in wanted if known.get(each) is not None}
    wanted = [each for each in wanted if each not in known and can_exist(each.hash, each.range)]
    chunks = [wanted[start:start + BATCH_GET_KEYS] for start in range(0, len(wanted), BATCH_GET_KEYS)]
    for part in together(*[lambda chunk=chunk: _batch_get(chunk, strong_tables) for chunk in chunks]):
        found.update(part)
    if even_ended:
        return FoundRecords(found)
    now = time.time()
    return FoundRecords({each: record for each, record in found.items()
                         if not (record.ENDS and has_ended(record, now))})


def foresee(keys: Iterable[Key]) -> FoundRecords:
    """Read strongly what will be read anyway, in one call. Within `foreseen.one_message`. Answers what was found."""
    wanted = list(keys)
    found = fetch(strong=wanted)
    known = foreseen.at_hand()
    if known is not None:
        known.update({each: found.get(*each) for each in wanted})
    return found


def _batch_get(keys: list[Key], strong_tables: set[str]) -> dict[Key, Record]:
    request: dict[str, Any] = {}
    by_item: dict[tuple[str, str, str | None], Key] = {}
    spellings: dict[str, Spelling] = {}
    for each in keys:
        spelt = spelling(each.model)
        item_key = spelt.item_key(each)
        if spelt.table not in request:
            spellings[spelt.table] = spelt
            request[spelt.table] = {"Keys": [], "ConsistentRead": spelt.table in strong_tables}
        request[spelt.table]["Keys"].append(item_key)
        by_item[spelt.identity(item_key)] = each
    found: dict[Key, Record] = {}
    for attempt in range(THROTTLED_TRIES):
        reply = _call("BatchGetItem", request)
        for table, items in reply["Responses"].items():
            identity = spellings[table].identity
            for item in items:
                wanted = by_item[identity(item)]
                found[wanted] = wanted.model.from_raw_data(item)
        request = reply.get("UnprocessedKeys") or {}
        if not request:
            return found
        pause(attempt)
    raise ToldToWait("DynamoDB left keys of a batch get unprocessed")


def _call(operation: str, items: dict[str, Any]) -> dict[str, Any]:
    return connection.shared().dispatch(operation, {"RequestItems": items})


# Writing.


class Writes:
    """The writes of one transaction, in the order DynamoDB reports them.

    Where only writes with an `otherwise` fail, it is called for each of them: it changes the record for another try.
    """

    def __init__(self) -> None:
        self._otherwise: dict[str, Callable[[], None]] = {}
        self._checks: list[tuple[str, Callable[[TransactWrite], None]]] = []
        self._deletes: list[tuple[str, Callable[[TransactWrite], None]]] = []
        self._puts: list[tuple[str, Callable[[TransactWrite], None]]] = []
        self._updates: list[tuple[str, Callable[[TransactWrite], None]]] = []

    def __len__(self) -> int:
        return len(self._checks) + len(self._deletes) + len(self._puts) + len(self._updates)

    def put(self, record: Record, condition: Condition | None = None, label: str = "", old: bool = False,
            otherwise: Callable[[], None] | None = None) -> None:
        """Write the whole record. `old`: bring back the item that made the condition fail."""
        label, returned = self._labelled(label, otherwise), "ALL_OLD" if old else None
        self._puts.append((label, lambda write: write.save(record, condition, returned)))

    def update(self, record: Record, actions: Sequence[Action], condition: Condition | None = None, label: str = "",
               old: bool = False) -> None:
        returned = "ALL_OLD" if old else None
        self._updates.append((label, lambda write: write.update(record, list(actions), condition, returned)))

    def delete(self, record: Record, condition: Condition | None = None, label: str = "",
               otherwise: Callable[[], None] | None = None) -> None:
        label = self._labelled(label, otherwise)
        self._deletes.append((label, lambda write: write.delete(record, condition)))

    def check(self, record: Record, condition: Condition, label: str = "") -> None:
        """Demand something of a record that this transaction does not write."""
        hash_key, range_key = _key_values(record)
        self._checks.append((label, lambda write: write.condition_check(type(record), hash_key, range_key, condition)))

    def _labelled(self, label: str, otherwise: Callable[[], None] | None) -> str:
        if otherwise is None:
            return label
        label = label or f"write {len(self)}"
        self._otherwise[label] = otherwise
        return label

    def commit(self) -> None:
        foreseen.forget()
        labels = [label for label, _ in [*self._checks, *self._deletes, *self._puts, *self._updates]]
        token = f"{random.getrandbits(128):032x}"
        throttled = 0
        for attempt in range(CONFLICT_TRIES):
            try:
                with TransactWrite(connection=connection.shared(), client_request_token=token) as write:
                    for _, add in [*self._checks, *self._deletes, *self._puts, *self._updates]:
                        add(write)
                return
            except TransactWriteError as error:
                self._prepare_another_try(error, labels)
                throttled += is_throttled(error)
                if throttled == THROTTLED_TRIES:
                    raise ToldToWait("DynamoDB throttled a transaction") from error
                token = f"{random.getrandbits(128):032x}"
            pause(attempt)
        raise Overloaded("transaction conflicts did not end")

    def _prepare_another_try(self, error: TransactWriteError, labels: list[str]) -> None:
        try:
            raise_unless_conflict(error, labels)
        except ConditionFailed as failed:
            if not failed.labels <= self._otherwise.keys():
                raise
            for label in failed.labels:
                self._otherwise[label]()


def _key_values(record: Record) -> tuple[Any, Any]:
    hash_name, range_name = spelling(type(record)).names
    return record.attribute_values[hash_name], record.attribute_values.get(range_name or "")


@contextmanager
def transaction() -> Iterator[Writes]:
    """Up to 100 writes on different items, all or nothing. Conflicts with other transactions are tried again.

    Raises ConditionFailed when a condition does not hold, Full when an item is too large, Overloaded when conflicts
    do not end.
    """
    writes = Writes()
    yield writes
    if len(writes):
        writes.commit()


def create(record: Record, condition: Condition | None = None) -> bool:
    """Put a record; False when its condition did not hold."""
    return _single(lambda: record.save(condition))


def update(record: Record, actions: Sequence[Action], condition: Condition | None = None) -> bool:
    """Change one item by expressions; False when its condition did not hold. `record` then shows the new values."""
    done = _single(lambda: record.update(list(actions), condition))
    record._fill_in()
    return done


def remove(record: Record, condition: Condition | None = None) -> bool:
    """Delete one item; False when its condition did not hold."""
    return _single(lambda: record.delete(condition))


def _single(write: Callable[[], Any]) -> bool:
    """One conditional write. It is tried again while a transaction is under way on the item."""
    foreseen.forget()
    for attempt in range(CONFLICT_TRIES):
        try:
            write()
            return True
        except PynamoDBException as error:
            code = error.cause_response_code
            if code == "ConditionalCheckFailedException":
                return False
            if is_too_large(error):
                raise Full from error
            if code != "TransactionConflictException":
                raise
        pause(attempt)
    raise Overloaded("a transaction held the item too long")


def write_batch(puts: Iterable[Record] = (), deletes: Iterable[Record] = ()) -> None:
    """Put and delete without conditions, 25 in a call, several calls at a time. For derived rows only."""
    requests: list[tuple[str, dict[str, Any]]] = []
    for record in puts:
        item = {name: value for name, value in record.serialize().items() if value is not None}
        requests.append((record.Meta.table_name, {"PutRequest": {"Item": item}}))
    for record in deletes:
        spelt = spelling(type(record))
        item_key = spelt.item_key(Key(type(record), *_key_values(record)))
        requests.append((spelt.table, {"DeleteRequest": {"Key": item_key}}))
    _write_requests(requests)


def put_items(model: type[Record], items: Iterable[Item]) -> None:
    """As `write_batch`, for items as DynamoDB spells them: items that are only copied need no decoding."""
    _write_requests([(model.Meta.table_name, {"PutRequest": {"Item": item}}) for item in items])


def delete_keys(table: str, keys: Iterable[Item]) -> None:
    """Delete items of a table by their keys as DynamoDB spells them: for tables whose models are not at hand."""
    _write_requests([(named(table), {"DeleteRequest": {"Key": each}}) for each in keys])


def _write_requests(requests: list[tuple[str, dict[str, Any]]]) -> None:
    foreseen.forget()
    chunks = [requests[start:start + 25] for start in range(0, len(requests), 25)]
    for start in range(0, len(chunks), 4):
        together(*[lambda chunk=chunk: _batch_write(chunk) for chunk in chunks[start:start + 4]])


def _batch_write(requests: list[tuple[str, dict[str, Any]]]) -> None:
    waiting: dict[str, list[dict[str, Any]]] = {}
    for table, request in requests:
        waiting.setdefault(table, []).append(request)
    for attempt in range(THROTTLED_TRIES):
        reply = _call("BatchWriteItem", waiting)
        waiting = reply.get("UnprocessedItems") or {}
        if not waiting:
            return
        pause(attempt)
    raise ToldToWait("DynamoDB left writes of a batch unprocessed")
