"""Read and write units as AWS counts them, where DynamoDB Local says something else.

Of a transaction DynamoDB Local reports the last item of each table alone, four times. AWS counts each item, twice. Of a
batch get it leaves out the keys that have no item, and of a query that finds nothing everything; AWS counts the least
that a read takes. So transactions are counted here, by the items before and after, and the rest is added.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.aws import quick_json

KEYS_AT_ONCE = 100
TWICE = 2
"""AWS prepares each write of a transaction, and commits it."""
WRITE_UNIT = 1024
Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Index:
    """A local or global index: its keys, and what is copied into it besides those of the table. None: everything."""

    keys: tuple[str, ...]
    copied: frozenset[str] | None

    def entry(self, item: Item | None, table_keys: tuple[str, ...]) -> Item | None:
        """What the index has of an item. None: the item has no place there."""
        if item is None or not all(name in item for name in self.keys):
            return None
        if self.copied is None:
            return item
        return {name: item[name] for name in {*self.keys, *table_keys, *self.copied} if name in item}


@dataclass(frozen=True)
class Shape:
    """A table: its keys and its indexes."""

    keys: tuple[str, ...]
    indexes: tuple[Index, ...]

    def written(self, before: Item | None, after: Item | None) -> int:
        """Write units of one write outside of a transaction that makes the one into the other."""
        return max(_units(before), _units(after), 1) + sum(self._in_index(each, before, after) for each in self.indexes)

    def _in_index(self, index: Index, before: Item | None, after: Item | None) -> int:
        old, new = index.entry(before, self.keys), index.entry(after, self.keys)
        if old == new:
            return 0
        if old is not None and new is not None and all(old[name] == new[name] for name in index.keys):
            return max(_units(old), _units(new))
        return _units(old) + _units(new)


def _units(item: Item | None) -> int:
    return 0 if item is None else math.ceil(size_of(item) / WRITE_UNIT)


def size_of(item: Item) -> int:
    """Bytes of an item, as DynamoDB's documentation counts them: names, and values."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    (kind, held), = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            digits = len(held.lstrip("-").replace(".", "").strip("0"))
            return math.ceil(digits / 2) + 1 + int(held.startswith("-"))
        case "M":
            return 3 + sum(len(name.encode()) + 1 + _size(each) for name, each in held.items())
        case "L":
            return 3 + sum(1 + _size(each) for each in held)
        case "SS" | "NS":
            return sum(_size({kind[0]: each}) for each in held)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(f"our tables have no values of type {kind}")


class Counting:
    """Corrects what a DynamoDB client's answers tell. `cpu`: seconds of this process that the counting itself took."""

    def __init__(self, client: Any, beside: Any) -> None:
        """`client`: whose answers these are. `beside`: another client of the same engine, to look with."""
        self.cpu = 0.0
        self._beside = beside
        self._shapes: dict[str, Shape] = {}
        events = client.meta.events
        events.register_first("before-call.dynamodb.*", self._note)
        events.register_first("after-call.dynamodb.*", self._correct)

    def _note(self, model: Any, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        if model.name not in CORRECTED:
            return
        began = time.thread_time()
        asked = context["kenoma_asked"] = quick_json.decode(params["body"])
        if model.name == "TransactWriteItems":
            context["kenoma_before"] = self._images(asked)
        self.cpu += time.thread_time() - began

    def _correct(self, model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if model.name not in CORRECTED or "Error" in parsed:
            return
        began = time.thread_time()
        taken: Counter[str] = Counter()
        asked = context["kenoma_asked"]
        if model.name == "TransactWriteItems":
            before, after = context["kenoma_before"], self._images(asked)
            for place in before:
                taken[place[0]] += TWICE * self._shape(place[0]).written(before[place], after[place])
            parsed["ConsumedCapacity"] = [{"TableName": table, "CapacityUnits": units}
                                          for table, units in taken.items()]
        elif model.name == "BatchGetItem":
            for each in parsed.get("ConsumedCapacity") or ():
                each["CapacityUnits"] += _missing(asked["RequestItems"][each["TableName"]], each["TableName"], parsed)
        elif not parsed["ConsumedCapacity"]["CapacityUnits"]:
            parsed["ConsumedCapacity"]["CapacityUnits"] = _least(asked)
        self.cpu += time.thread_time() - began

    def _images(self, asked: Mapping[str, Any]) -> dict[tuple[str, str], Item | None]:
        """The items that a transaction is about, as they are now, by table and key."""
        wanted: dict[tuple[str, str], Item] = {}
        for write in asked["TransactItems"]:
            (_, about), = write.items()
            table = about["TableName"]
            own = about.get("Key") or {name: about["Item"][name] for name in self._shape(table).keys}
            wanted[table, _text(own)] = own
        found: dict[tuple[str, str], Item | None] = dict.fromkeys(wanted)
        places = list(wanted)
        for start in range(0, len(places), KEYS_AT_ONCE):
            found.update(self._look({place: wanted[place] for place in places[start:start + KEYS_AT_ONCE]}))
        return found

    def _look(self, wanted: Mapping[tuple[str, str], Item]) -> dict[tuple[str, str], Item]:
        request: dict[str, Any] = {}
        for (table, _), own in wanted.items():
            request.setdefault(table, {"ConsistentRead": True, "Keys": []})["Keys"].append(own)
        found: dict[tuple[str, str], Item] = {}
        while request:
            answer = self._beside.batch_get_item(RequestItems=request)
            for table, items in answer["Responses"].items():
                found |= {(table, _text({name: item[name] for name in self._shape(table).keys})): item
                          for item in items}
            request = answer.get("UnprocessedKeys") or {}
        return found

    def _shape(self, table: str) -> Shape:
        if table not in self._shapes:
            told = self._beside.describe_table(TableName=table)["Table"]
            indexes = [*told.get("LocalSecondaryIndexes", ()), *told.get("GlobalSecondaryIndexes", ())]
            self._shapes[table] = Shape(_names(told["KeySchema"]), tuple(map(_index, indexes)))
        return self._shapes[table]


CORRECTED = frozenset({"TransactWriteItems", "BatchGetItem", "Query"})


def _names(schema: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(each["AttributeName"] for each in schema)


def _index(told: Mapping[str, Any]) -> Index:
    projection = told["Projection"]
    copied = None if projection["ProjectionType"] == "ALL" else frozenset(projection.get("NonKeyAttributes", ()))
    return Index(_names(told["KeySchema"]), copied)


def _text(own: Item) -> str:
    return json.dumps(own, sort_keys=True)


def _missing(asked: Mapping[str, Any], table: str, parsed: Mapping[str, Any]) -> float:
    """Units of the keys of a table that have no item."""
    unprocessed = (parsed.get("UnprocessedKeys") or {}).get(table, {"Keys": ()})
    there = len(parsed["Responses"].get(table, ())) + len(unprocessed["Keys"])
    return (len(asked["Keys"]) - there) * _least(asked)


def _least(asked: Mapping[str, Any]) -> float:
    return 1.0 if asked.get("ConsistentRead") else 0.5
