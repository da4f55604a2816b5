"""PynamoDB's attribute types, made faster to read and to decode.

A rendered page reads thousands of attributes. PynamoDB asks the attribute at each read, which takes its name to look it
up among the record's values. Here the values are the record's own `__dict__`, where Python itself finds them.

Decoding an item, PynamoDB makes a parser for each JSON text, and looks up a class for each value of a list or a map.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pynamodb import attributes as plain

if TYPE_CHECKING:
    _Whole = plain.Attribute[int]
else:
    _Whole = plain.NumberAttribute
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder(strict=False).raw_decode  # `decode` looks for blanks around the text as well


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
            if isinstance(attribute, _Quick | plain.MapAttribute):
                setattr(cls, name, _Absent(attribute))  # type: ignore[arg-type]

    if not TYPE_CHECKING:  # for types it is what PynamoDB declares
        @property
        def attribute_values(self) -> dict[str, Any]:
            return self.__dict__

        @attribute_values.setter
        def attribute_values(self, values: dict[str, Any]) -> None:
            self.__dict__ = values


def number_of(text: str) -> int | float:
    """A number as DynamoDB spells it."""
    try:
        return int(text)
    except ValueError:
        return float(text)


def value_of(typed: Mapping[str, Any]) -> Any:
    """A value of any type as DynamoDB spells it: `{"S": "text"}`."""
    ((kind, value),) = typed.items()
    decode = _DECODING.get(kind)
    return value if decode is None else decode(value)


def _list_of(values: list[Mapping[str, Any]]) -> list[Any]:
    return [each["S"] if "S" in each else value_of(each) for each in values]  # almost all are texts


def _map_of(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: value_of(each) for name, each in values.items()}


_DECODING: Mapping[str, Callable[[Any], Any]] = {
    "N": number_of, "L": _list_of, "M": _map_of, "SS": set, "NULL": lambda _: None,
}
"""By type. Texts and booleans come as they are. There are no others in our tables."""


class UnicodeAttribute(_Quick, plain.UnicodeAttribute):
    pass


class NumberAttribute(_Quick, _Whole):
    """Whole numbers, as all counters and almost all times are."""

    def deserialize(self, value: str) -> Any:
        return number_of(value)


class MomentAttribute(_Quick, plain.NumberAttribute):
    """Seconds since 1970 with a fraction."""

    def deserialize(self, value: str) -> float:
        return number_of(value)


class BooleanAttribute(_Quick, plain.BooleanAttribute):
    pass


class UnicodeSetAttribute(_Quick, plain.UnicodeSetAttribute):
    pass


class ListAttribute(_Quick, plain.ListAttribute[Any]):
    def deserialize(self, values: list[Mapping[str, Any]]) -> list[Any]:
        return _list_of(values)


class Document(_Quick, plain.JSONAttribute):
    """A JSON text. It is five times cheaper to decode than a map attribute, and its shape may change.

    Letters are not escaped: an escaped Cyrillic text would take three times the room.
    """

    def serialize(self, value: Any) -> str | None:
        return None if value is None else _encode(value)

    def deserialize(self, value: str) -> Any:
        return _decode(value)[0]


MapAttribute = plain.MapAttribute
_AS_STORED = (UnicodeAttribute, BooleanAttribute)


def decoding_of(attribute: plain.Attribute[Any]) -> Callable[[Any], Any] | None:
    """How a value of an attribute is decoded. None: it is as it is stored."""
    if type(attribute) in _AS_STORED:
        return None
    return _map_of if type(attribute) is plain.MapAttribute else attribute.deserialize
