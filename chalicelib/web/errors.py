"""Errors on the wire: the one table from a refusal to a status, and the one function that makes every error body.

The domain refuses with a text (`domain/refusals.py`); only here does a refusal get a number.
"""

from __future__ import annotations

from typing import Any

from ..domain.refusals import (
    BadRequest,
    Conflict,
    Declined,
    Failed,
    Forbidden,
    NotFound,
    Refusal,
    Throttled,
    TooLarge,
    Unacceptable,
    Unauthenticated,
    Unavailable,
    Unsupported,
)

STATUS: dict[type[Refusal], int] = {
    Declined: 200,
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Unsupported: 415,
    Unacceptable: 422,
    Throttled: 429,
    Failed: 500,
    Unavailable: 503,
    Refusal: 400,
}
NOT_IMPLEMENTED = "Not implemented"
WENT_WRONG = "Something went wrong"
TOO_MANY = "Too many entries"
"""For what is kept in one item, which is full."""
TOO_BUSY = "Too busy, try again"
"""For what too many change at this moment."""


def error_body(message: str, **extra: Any) -> dict[str, Any]:
    """The body of every error reply; `extra` are the further keys that a few of them carry."""
    return {"error": message, **extra} if extra else {"error": message}


def status_of(refusal: Refusal) -> int:
    """The status of a refusal: its own class's, or that of the nearest class above."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def body_of(refusal: Refusal) -> dict[str, Any]:
    return error_body(refusal.message, **refusal.extra)
