"""Keys of items: how DynamoDB spells them, and how long they may be."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from pynamodb.models import Model

LONGEST = 1_000
LONGEST_HASH, LONGEST_RANGE = 2_048, 1_024
"""Bytes of keys that DynamoDB takes. It refuses to look for longer ones."""
Item = dict[str, dict[str, Any]]
"""An item as DynamoDB spells it: `{"id": {"S": "…"}}`."""


class Key(NamedTuple):
    """Names one item: a record of `model`, whether it exists or not."""

    model: type[Any]
    hash: Any
    range: Any = None


def key(model: type[Any], hash: Any, range: Any = None) -> Key:
    return Key(model, hash, range)


def can_exist(hash: Any, range: Any = None) -> bool:
    """Whether there may be an item with this key. False: it is too long, so there is none."""
    return _fits(hash, LONGEST_HASH) and _fits(range, LONGEST_RANGE)


def _fits(value: Any, most: int) -> bool:
    return not isinstance(value, str) or len(value) * 4 <= most or len(value.encode("utf-8", "replace")) <= most


class Spelling:
    """How DynamoDB spells the keys of a model. `names`: what Python calls them."""

    def __init__(self, model: type[Model]) -> None:
        self.table: str = model.Meta.table_name
        attributes = model.get_attributes()
        hash_key = next(name for name, each in attributes.items() if each.is_hash_key)
        range_key = next((name for name, each in attributes.items() if each.is_range_key), None)
        self.names: tuple[str, str | None] = (hash_key, range_key)
        self._hash: Any = attributes[hash_key]
        self._range: Any = attributes[range_key] if range_key is not None else None
        self._hash_name: str = self._hash.attr_name
        self._range_name: str | None = self._range.attr_name if self._range is not None else None

    def item_key(self, key: Key) -> Item:
        item_key = {self._hash_name: {self._hash.attr_type: self._hash.serialize(key.hash)}}
        if self._range is not None and self._range_name is not None:
            item_key[self._range_name] = {self._range.attr_type: self._range.serialize(key.range)}
        return item_key

    def identity(self, item: Item) -> tuple[str, str, str | None]:
        """What tells the item from all others of all models."""
        (hash_value,) = item[self._hash_name].values()
        if self._range_name is None:
            return self.table, hash_value, None
        (range_value,) = item[self._range_name].values()
        return self.table, hash_value, range_value


_SPELLINGS: dict[type[Model], Spelling] = {}


def spelling(model: type[Model]) -> Spelling:
    known = _SPELLINGS.get(model)
    if known is None:
        known = _SPELLINGS[model] = Spelling(model)
    return known


def bounded(prefix: str, rest: str) -> str:
    """A key that ends with what a client chose, or with a hash of it where it would be too long.

    DynamoDB takes 2,048 bytes, and a client may send ten thousand.
    """
    if len(rest.encode("utf-8", "replace")) <= LONGEST:
        return prefix + rest
    return prefix + hashlib.sha256(rest.encode("utf-8", "replace")).hexdigest()
