"""What may go wrong with a write, and how long it is worth trying."""

from __future__ import annotations

import contextvars
import random
import re
import time
from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import PynamoDBException, TransactWriteError

from ...holding import Holding

CONFLICT_TRIES = 20
LONGEST_WAIT = 2.0
"""Seconds. Fifty requests for the same item at once need so many tries, and pauses of this length, to succeed."""
THROTTLED_TRIES = 8
"""Who is throttled waits for a partition that has too much to do. That does not end by asking it twenty times."""
THROTTLED = frozenset({
    "ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded", "ThrottlingException", "Throttling",
    "ThrottlingError", "ThrottledException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
    "TooManyRequestsException",
})
"""What DynamoDB calls it when it says wait, as an error of a call or as the reason of a cancelled transaction."""
_TOO_LARGE = re.compile("item size.*exceeded", re.IGNORECASE)
_until: contextvars.ContextVar[float | None] = contextvars.ContextVar("until", default=None)


class Overloaded(Exception):
    """DynamoDB did not take the work within all our tries."""


class ToldToWait(Overloaded):
    """DynamoDB said that it has too much to do, and said so after all our tries."""


class Overtaken(Exception):
    """Another request has changed what a write depended on. Nothing was written: read again and decide again."""


class Full(Exception):
    """An item would have outgrown DynamoDB's 400 KB; nothing was written."""


def within(seconds: float) -> Holding[float]:
    """Whatever is tried again within the block is given up after so many seconds from now: it raises Overloaded then.
    """
    return Holding(_until, time.monotonic() + seconds)


def is_late() -> bool:
    """Whether the time is over in which something may be tried again."""
    until = _until.get()
    return until is not None and time.monotonic() >= until


def pause(attempt: int, longest: float = LONGEST_WAIT) -> None:
    """Wait with full jitter: 20 ms doubling to two seconds, or to `longest`. Raises Overloaded when it is late."""
    if is_late():
        raise Overloaded("the time for trying again is over")
    time.sleep(random.uniform(0, min(0.02 * 2**attempt, longest)))


class ConditionFailed(Exception):
    """A condition did not hold; nothing of the transaction was written.

    `labels` names the writes whose conditions failed. `old` maps a label to the present item, where that was asked for.
    """

    def __init__(self, labels: frozenset[str], old: Mapping[str, dict[str, Any]]) -> None:
        super().__init__(", ".join(sorted(labels)))
        self.labels = labels
        self.old = old


def is_too_large(error: PynamoDBException) -> bool:
    return _TOO_LARGE.search(str(error.cause_response_message)) is not None


def raise_unless_conflict(error: TransactWriteError, labels: list[str]) -> None:
    """Raise what a failed transaction means, unless it may be tried again. `labels`: one for each write, in order."""
    reasons = list(error.cancellation_reasons)
    if is_too_large(error) or any(reason is not None and _TOO_LARGE.search(str(reason.message)) for reason in reasons):
        raise Full from error
    failed = {
        labels[position]: reason.raw_item
        for position, reason in enumerate(reasons)
        if reason is not None and reason.code == "ConditionalCheckFailed"
    }
    if failed:
        raise ConditionFailed(frozenset(failed), {label: item for label, item in failed.items() if item}) from error
    if error.cause_response_code == "TransactionInProgressException":
        return
    retryable = THROTTLED | {"TransactionConflict", "None"}
    if not reasons or any(reason is not None and reason.code not in retryable for reason in reasons):
        raise error


def is_throttled(error: TransactWriteError) -> bool:
    """Whether a transaction was cancelled because one of its tables, or a partition, has too much to do."""
    return any(reason is not None and reason.code in THROTTLED for reason in error.cancellation_reasons)
