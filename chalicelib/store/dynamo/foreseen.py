"""What a job knows that it will read: one batch get brings it, and each later `fetch` finds it at hand.

    with foreseen.one_message():
        table.foresee([claim_key, status_key])      one call
        …                                           whoever fetches these keys causes none

It counts until anything is written. So whoever reads again after a conflict reads from DynamoDB.
"""

from __future__ import annotations

import contextvars
from typing import Any

from ...holding import Holding

_at_hand: contextvars.ContextVar[dict[Any, Any] | None] = contextvars.ContextVar("foreseen", default=None)


def one_message() -> Holding[Any]:
    """Whatever is foreseen within the block is forgotten when it ends."""
    return Holding(_at_hand, {})


def at_hand() -> dict[Any, Any] | None:
    """The record, or None, of each key that was foreseen. None: nothing is, outside of `one_message`."""
    return _at_hand.get()


def forget() -> None:
    """Something is being written."""
    known = _at_hand.get()
    if known:
        known.clear()
