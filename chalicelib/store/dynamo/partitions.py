"""Whole partitions: finding all items under one hash key and deleting them, whatever they are.

For work that must also reach tables whose models it does not know. Items are as DynamoDB spells them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from . import connection
from .table import delete_keys, named

PAGE = 500
Item = dict[str, Any]

# Hash and range key of the tables that are read here.
KEYS: dict[str, tuple[str, str]] = {
    "accounts": ("id", "part"), "tokens": ("owner", "k"), "lists": ("owner", "k"), "notifications": ("acct", "nid"),
    "conversations": ("acct", "pid"), "chats": ("owner", "chat"), "messages": ("chat", "id"), "feeds": ("feed", "id"),
    "home": ("feed", "id"), "marks": ("acct", "status"), "scheduled": ("acct", "id"),
    "backups": ("acct", "id"), "search": ("term", "k"),
}


def text(item: Item, name: str) -> str:
    """A text attribute; empty when the item has none."""
    return str(item.get(name, {}).get("S", ""))


def key_of(table: str, item: Item) -> Item:
    return {name: item[name] for name in KEYS[table]}


def read(table: str, value: str, *, names: Sequence[str] = (),
         limit: int = PAGE) -> list[Item]:
    """The first items under a hash key, read strongly: their keys and the attributes in `names`."""
    return next(pages(table, value, names=names, limit=limit), [])


def pages(table: str, value: str, *, names: Sequence[str] = (),
          limit: int = PAGE) -> Iterator[list[Item]]:
    """All items under a hash key, page by page."""
    hash_name, range_name = KEYS[table]
    columns = dict.fromkeys((hash_name, range_name, *names))
    wanted = {f"#{place}": name for place, name in enumerate(columns)}
    request: dict[str, Any] = {
        "TableName": named(table), "Limit": limit, "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL",
        "KeyConditionExpression": "#hash = :hash", "ExpressionAttributeValues": {":hash": {"S": value}},
        "ProjectionExpression": ", ".join(wanted), "ExpressionAttributeNames": {**wanted, "#hash": hash_name},
    }
    while True:
        reply = connection.shared().dispatch("Query", request)
        if reply["Items"]:
            yield reply["Items"]
        if not reply.get("LastEvaluatedKey"):
            return
        request["ExclusiveStartKey"] = reply["LastEvaluatedKey"]


def delete(table: str, items: Sequence[Item]) -> None:
    delete_keys(table, [key_of(table, each) for each in items])


def wipe(table: str, value: str) -> int:
    """Delete the first page under a hash key. Answers how many items that were."""
    found = read(table, value)
    delete(table, found)
    return len(found)


def wipe_all(table: str, value: str) -> int:
    """Delete everything under a hash key. Answers how many items that were."""
    count = 0
    for page in pages(table, value):
        delete(table, page)
        count += len(page)
    return count
