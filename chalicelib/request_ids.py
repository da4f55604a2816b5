"""The id of the request from which the present work follows: one id from the click to the last delivery.

A request runs within `followed`, and so does each job that follows from it. Messages that are made there take the id
with them, also by their job rows, and log lines that are written there tell it.
"""

from __future__ import annotations

from contextvars import ContextVar

from .holding import Holding

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Empty where nobody asked for the work, as in the sweep."""
    return _current.get()


def followed(id: str) -> Holding[str]:
    """Whatever is done in the block follows from the request with this id."""
    return Holding(_current, id)
