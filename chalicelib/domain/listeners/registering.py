"""How a function comes to listen to events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ...queues.messages import Message
from ..event_types.event import Event


@dataclass(frozen=True)
class Due:
    """Work that must not be lost. `after`: so many seconds later. None: as soon as the change is written."""

    message: Message
    after: float | None = None


Owing = Callable[[Any], Iterable[Due]]
Asking = Callable[[Any], Iterable[Message]]
OWING: dict[type[Event], list[Owing]] = {}
ASKING: dict[type[Event], list[Asking]] = {}


def owes(*kinds: type[Event]) -> Callable[[Owing], Owing]:
    """Register a function that says which work these events owe. It is called twice, and must answer the same."""
    def register(listener: Owing) -> Owing:
        for kind in kinds:
            OWING.setdefault(kind, []).append(listener)
        return listener

    return register


def asks(*kinds: type[Event]) -> Callable[[Asking], Asking]:
    """Register a function that says which messages follow from these events, once they are written."""
    def register(listener: Asking) -> Asking:
        for kind in kinds:
            ASKING.setdefault(kind, []).append(listener)
        return listener

    return register
