"""Aliases of an account, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict


class Aliases(TypedDict):
    """Each as `nick@host`, those of this server too."""

    aliases: list[str]


def render_aliases(names: Sequence[str]) -> Aliases:
    return {"aliases": list(names)}
