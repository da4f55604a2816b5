"""PynamoDB's attribute types, made faster to read.

A rendered page reads thousands of attributes. PynamoDB asks the attribute at each read, which takes its name to look it
up among the record's values. Here the values are the record's own `__dict__`, where Python itself finds them.
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
    """What is stored as it was set, so that nothing need be asked when it is read."""


class _Absent:
    """Stands in a model's class for an attribute. It gives way to a value in the record, for it cannot be set."""

    __slots__ = ("_attribute",)

    def __init__(self, attribute: plain.Attribute[Any]) -> None:
        self._attribute = attribute

    def __get__(self, record: object | None, model: type) -> plain.Attribute[Any] | None:
        return self._attribute if record is None else None


class HoldsValues:
    """A model whose records hold the values of its attributes in `__dict__`."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, attribute in list(vars(cls).items()):
            if isinstance(attribute, _Quick):
                setattr(cls, name, _Absent(attribute))  # type: ignore[arg-type]

    if not TYPE_CHECKING:  # for types it is what PynamoDB declares
        @property
        def attribute_values(self) -> dict[str, Any]:
            return self.__dict__

        @attribute_values.setter
        def attribute_values(self, values: dict[str, Any]) -> None:
            self.__dict__ = values


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
