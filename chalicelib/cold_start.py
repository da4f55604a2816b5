"""A quicker cold start. Without this module everything works the same, but the start takes a fifth more CPU.

    cold_start.begins()     before anything else is imported
    cold_start.ends()       when all is there

In between, no garbage is collected, since what imports make stays. And the methods of frozen dataclasses are closures.
Python 3.11 would write each method as a text and compile it, a thousand times for our hundred and fifty classes. That
takes as long as importing botocore. (Python 3.13 compiles once for each class, and is not changed.)
"""

from __future__ import annotations

import dataclasses
import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import Field, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any

Method = Callable[..., Any]


def frozen_methods(cls: Any, fields: Sequence[Field[Any]], globals: dict[str, Any]) -> tuple[Method, Method]:
    """`__setattr__` and `__delattr__`, as `dataclasses` defines them."""
    names = frozenset(field.name for field in fields)

    def __setattr__(self: Any, name: str, value: Any) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def repr_method(fields: Sequence[Field[Any]], globals: dict[str, Any]) -> Method:
    names = tuple(field.name for field in fields)

    def __repr__(self: Any) -> str:  # noqa: N807
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({values})"

    return recursive_repr()(__repr__)


def hash_method(fields: Sequence[Field[Any]], globals: dict[str, Any]) -> Method:
    values = _values_of([field.name for field in fields])

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def comparison(name: str, op: str, self_tuple: str, other_tuple: str, globals: dict[str, Any]) -> Method:
    """`__eq__`, for which `dataclasses` hands over `(self.x,self.y,)`. Its own function makes the order comparisons."""
    if op != "==":
        compiled: Method = _replaced["_cmp_fn"](name, op, self_tuple, other_tuple, globals)
        return compiled
    values = _values_of([each.removeprefix("self.") for each in self_tuple[1:-1].split(",") if each])

    def __eq__(self: Any, other: Any) -> bool:  # noqa: N807
        if other.__class__ is self.__class__:
            return bool(values(self) == values(other))
        return NotImplemented

    return __eq__


def _values_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names) if len(names) > 1 else lambda self: tuple(getattr(self, name) for name in names)


OURS: dict[str, Method] = {
    "_frozen_get_del_attr": frozen_methods, "_repr_fn": repr_method, "_hash_fn": hash_method, "_cmp_fn": comparison,
}
PYTHONS = frozenset({(3, 11), (3, 12)})
"""The versions of Python whose `dataclasses` has these functions with these arguments."""
_replaced: dict[str, Method] = {}
_began = 0.0


def begins() -> None:
    global _began
    _began = time.perf_counter()
    gc.disable()
    if sys.version_info[:2] in PYTHONS:
        for name, ours in OURS.items():
            _replaced[name] = getattr(dataclasses, name)
            setattr(dataclasses, name, ours)


def ends() -> float:
    """Restore Python's own functions. The objects that exist now are left out of all later collections.

    Answers how long it took, in milliseconds.
    """
    while _replaced:
        setattr(dataclasses, *_replaced.popitem())
    gc.freeze()
    gc.enable()
    return (time.perf_counter() - _began) * 1000
