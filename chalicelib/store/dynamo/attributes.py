"""PynamoDB's attribute types, made faster to read.

A rendered page reads some two thousand attributes. PynamoDB looks up an attribute's Python name at each read; these
types remember it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pynamodb import attributes as plain

if TYPE_CHECKING:
    _Whole = plain.Attribute[int]
else:
    _Whole = plain.NumberAttribute
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Quick:
    _python_name: str

    def __set_name__(self, owner: type, name: str) -> None:
        super().__set_name__(owner, name)  # type: ignore[misc]
        self._python_name = name

    if not TYPE_CHECKING:  # else this would hide the types of PynamoDB's own
        def __get__(self, instance: Any, owner: Any) -> Any:
            return self if instance is None else instance.attribute_values.get(self._python_name)


class UnicodeAttribute(_Quick, plain.UnicodeAttribute):
    pass


class NumberAttribute(_Quick, _Whole):
    """Whole numbers, as all counters and almost all times are."""


class MomentAttribute(_Quick, plain.NumberAttribute):
    """Seconds since 1970 with a fraction."""


class BooleanAttribute(_Quick, plain.BooleanAttribute):
    pass


class UnicodeSetAttribute(_Quick, plain.UnicodeSetAttribute):
    pass


class ListAttribute(_Quick, plain.ListAttribute[Any]):
    pass


class Document(_Quick, plain.JSONAttribute):
    """A JSON text. It is five times cheaper to decode than a map attribute, and its shape may change.

    Letters are not escaped: an escaped Cyrillic text would take three times the room.
    """

    def serialize(self, value: Any) -> str | None:
        return None if value is None else _encode(value)


MapAttribute = plain.MapAttribute
