"""A value that whatever is called within a block can ask for, without its being handed on."""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any, Generic, TypeVar

Held = TypeVar("Held")


class Holding(Generic[Held]):
    """Lets a context variable have a value within a `with` block, and what it had before after it."""

    __slots__ = ("_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[Any], value: Held) -> None:
        self._variable, self._value = variable, value

    def __enter__(self) -> Held:
        self._token: Token[Any] = self._variable.set(self._value)
        return self._value

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)
