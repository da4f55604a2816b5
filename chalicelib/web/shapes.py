"""Kinds of value made of other kinds: lists, maps, nested objects, alternatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..domain.refusals import BadRequest
from .body import sound
from .kinds import Choice, Kind, ParameterFault, Schema, Wrong, single


class Listing(Kind):
    """A list. Unless `strict`, a bare single value is a list of one. Unknown words of an enumeration are dropped.

    `least`: it has so many members or more.
    """

    name = "array"

    def __init__(self, member: Kind, *, strict: bool = False, least: int = 0) -> None:
        self.member, self.strict, self.least = member, strict, least

    def read(self, value: Any) -> list[Any]:
        values = self._members(value)
        if len(values) < self.least:
            raise Wrong(ParameterFault((), f"Array length {len(values)} is smaller than minItems: {self.least}"))
        if isinstance(self.member, Choice):
            return [each for each in values if isinstance(each, str) and each in self.member.words]
        read: list[Any] = []
        faults: list[ParameterFault] = []
        for index, each in enumerate(values):
            try:
                read.append(self.member.read(each))
            except Wrong as wrong:
                faults.extend(fault.within(str(index)) for fault in wrong.faults)
        if faults:
            raise Wrong(*faults)
        return read

    def _members(self, value: Any) -> list[Any]:
        if isinstance(value, list):
            return value
        if isinstance(value, dict):
            if value and all(name.isascii() and name.isdigit() and len(name) < 10 for name in value):
                return [value[name] for name in sorted(value, key=int)]
            raise self.refuse(value)
        if value is None or self.strict:
            raise self.refuse(value)
        return [value]

    def schema(self) -> Schema:
        schema = {"type": "array", "items": self.member.schema()}
        return schema | ({"minItems": self.least} if self.least else {})


class Mapped(Kind):
    """A map from any name to values of one kind."""

    name = "object"

    def __init__(self, member: Kind) -> None:
        self.member = member

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(value)
        read: dict[str, Any] = {}
        faults: list[ParameterFault] = []
        for name, each in value.items():
            try:
                read[sound(name)] = self.member.read(each)
            except Wrong as wrong:
                faults.extend(fault.within(name) for fault in wrong.faults)
        if faults:
            raise Wrong(*faults)
        return read

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.member.schema()}


class Either(Kind):
    """The first kind that takes the value. If none does, the fault is that of the first kind."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self.kinds = kinds
        self.textual = any(kind.textual for kind in kinds)

    def read(self, value: Any) -> Any:
        first: Wrong | None = None
        for kind in self.kinds:
            try:
                return kind.read(value)
            except Wrong as wrong:
                first = first or wrong
        assert first is not None
        raise first

    def schema(self) -> Schema:
        return {"anyOf": [kind.schema() for kind in self.kinds]}


class Forgiving(Kind):
    """Another kind, but what it would refuse is None. For endpoints that report their own errors."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.textual = kind.textual

    def read(self, value: Any) -> Any:
        try:
            return self.kind.read(value)
        except (Wrong, BadRequest):
            return None

    def schema(self) -> Schema:
        return self.kind.schema()


class Blankable(Kind):
    """What another kind takes, or a text of nothing but blanks, which is None."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.textual = kind.textual

    def read(self, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else self.kind.read(value)

    def schema(self) -> Schema:
        return self.kind.schema()


class Group(Kind):
    """A nested object with fields of its own."""

    name = "object"

    def __init__(self, build: Callable[..., Any], read_members: Callable[[Mapping[str, Any]], dict[str, Any]],
                 schema: Callable[[], Schema]) -> None:
        self.build, self.read_members, self._schema = build, read_members, schema

    def read(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise self.refuse(value)
        return self.build(**self.read_members(value))

    def schema(self) -> Schema:
        return self._schema()


class Open(Kind):
    """A map. Some members are known by name and kind, all others may be anything. Null counts as absent."""

    name = "object"

    def __init__(self, known: Mapping[str, Kind]) -> None:
        self.known = known

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refuse(value)
        read: dict[str, Any] = {}
        faults: list[ParameterFault] = []
        for name, each in value.items():
            kind = self.known.get(name)
            try:
                if kind is None:
                    read[sound(name)] = single(each)
                elif each is not None:
                    read[name] = kind.read(each)
            except Wrong as wrong:
                faults.extend(fault.within(name) for fault in wrong.faults)
        if faults:
            raise Wrong(*faults)
        return read

    def schema(self) -> Schema:
        return {"type": "object", "properties": {name: kind.schema() for name, kind in self.known.items()}}
