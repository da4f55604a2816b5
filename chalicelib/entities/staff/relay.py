"""Relays: servers that pass on what is public."""

from __future__ import annotations

from typing import TypedDict


class Relay(TypedDict):
    """`actor` is the relay's address. `followed_back`: it has accepted."""

    actor: str
    followed_back: bool


class Relays(TypedDict):
    relays: list[Relay]
