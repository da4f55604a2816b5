"""The id of the request from which the present work follows: one id from the click to the last delivery.

A request runs within `followed`, and so does each job that follows from it. Messages that are made there take the id
with them, also by their job rows, and log lines that are written there tell it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Empty where nobody asked for the work, as in the sweep."""
    return _current.get()


@contextmanager
def followed(id: str) -> Iterator[None]:
    """Whatever is done in the block follows from the request with this id."""
    token = _current.set(id)
    try:
        yield
    finally:
        _current.reset(token)
