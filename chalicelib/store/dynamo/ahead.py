"""Reading ahead: the items that a request is known to read first are read with its token, in the same call.

A call to DynamoDB costs more than the items it brings. An item that was read ahead is handed out once. Whoever asks
a second time (after a conflict, say) reads from DynamoDB.
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterable
from typing import Any

from ...holding import Holding
from .keys import Key
from .table import FoundRecords, Record

_NOT_READ = object()
_at_hand: contextvars.ContextVar[dict[Key, Record | None] | None] = contextvars.ContextVar("at_hand", default=None)


def one_request() -> Holding[Any]:
    """Whatever is read ahead within the block is forgotten when it ends."""
    return Holding(_at_hand, {})


def keep(keys: Iterable[Key], found: FoundRecords) -> None:
    """Remember what a fetch found for these keys, or that it found nothing."""
    at_hand = _at_hand.get()
    if at_hand is not None:
        at_hand.update({each: found.get(*each) for each in keys})


def take(keys: Iterable[Key]) -> FoundRecords | None:
    """The records of these keys, if all of them were read ahead. They are handed out once."""
    at_hand = _at_hand.get()
    if not at_hand:
        return None
    wanted = list(keys)
    taken = {each: at_hand.pop(each, _NOT_READ) for each in wanted}
    if any(record is _NOT_READ for record in taken.values()):
        return None
    return FoundRecords({each: record for each, record in taken.items() if isinstance(record, Record)})
