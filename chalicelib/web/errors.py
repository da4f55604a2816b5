"""Errors on the wire: the one table from a refusal to a status, and the one function that makes every error body.

The domain refuses with a text (`domain/refusals.py`). Only this file knows the number of a refusal.
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
    Vanished,
)

STATUS: dict[type[Refusal], int] = {
    Declined: 200,
    BadRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Vanished: 410,
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
"""The item that would hold it is full."""
TOO_BUSY = "Too busy, try again"
"""Too many requests change the same item at this moment."""


def error_body(message: str, **extra: Any) -> dict[str, Any]:
    """The body of every error reply. `extra`: further keys, which a few of them have."""
    return {"error": message, **extra} if extra else {"error": message}


def status_of(refusal: Refusal) -> int:
    """The status of a refusal: that of the refusal's class, or of the nearest class above."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def body_of(refusal: Refusal) -> dict[str, Any]:
    return error_body(refusal.message, **refusal.extra)
