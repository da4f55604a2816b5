"""Letters and other things that may be done only once. A row says who does one, or that it has been done.

A row is *under way* for as long as a function may work, then *done* for a day. If the function dies, another may try
when that time is over. What a transaction does needs no such time: the transaction itself notes that it is done.
"""

from __future__ import annotations

import time

from pynamodb.expressions.condition import Condition

from ..dynamo.keys import bounded, key
from ..dynamo.table import Writes, create, fetch, remove
from ..ephemeral import Ephemeral

UNDER_WAY_SECONDS = 75  # the queue's function ends after 60
KEPT_SECONDS = 24 * 3600
UNDER_WAY, DONE = "under way", "done"
DONE_BEFORE = "done before"


class LetterUnderWay(Exception):
    """Another function is doing it. Whether it succeeds shows later."""


class DoneBefore(Exception):
    """It was done within a day, and nothing was done now."""


def begin(id: str) -> bool:
    """Try to take it on. False when it was done within the last day. Raises LetterUnderWay."""
    now = int(time.time())
    if create(Ephemeral(_key(id), ttl=now + UNDER_WAY_SECONDS, state=UNDER_WAY), _is_free(now)):
        return True
    row = fetch(strong=[key(Ephemeral, _key(id))]).get(Ephemeral, _key(id))
    if row is None or row.state != DONE:
        raise LetterUnderWay
    return False


def done(id: str) -> None:
    create(Ephemeral(_key(id), ttl=int(time.time()) + KEPT_SECONDS, state=DONE))


def done_in(write: Writes, id: str) -> None:
    """Note it in the transaction that does it, which fails with label DONE_BEFORE when it was done within a day."""
    now = int(time.time())
    write.put(Ephemeral(_key(id), ttl=now + KEPT_SECONDS, state=DONE), _is_free(now), label=DONE_BEFORE)


def _is_free(now: int) -> Condition:
    free: Condition = Ephemeral.key.does_not_exist() | (Ephemeral.ttl <= now)
    return free


def give_back(id: str) -> None:
    """Note that it was not done after all."""
    remove(Ephemeral.stub(_key(id)))


def _key(id: str) -> str:
    return bounded("s#", id)
