"""Scopes: what a token may do. A scope covers itself and everything below it: `write` covers `write:media`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[\s,]+")


def split(text: str) -> list[str]:
    """The scopes of a text, separated by blanks or commas, in order, each once."""
    return list(dict.fromkeys(scope for scope in _SEPARATORS.split(text) if scope))


def covers(held: Iterable[str], wanted: str) -> bool:
    """Whether one of the held scopes is `wanted` or stands above it."""
    return any(scope == wanted or wanted.startswith(scope + ":") for scope in held)
