"""Whether anything of other servers is here at all. A server that knows of nobody else reads nothing for the others.

The fact `federation`/`here` is written with the first foreign account. A process that knows of it never asks again.
"""

from __future__ import annotations

import time

from ..dynamo.keys import Key, key
from ..dynamo.table import FoundRecords, Writes, fetch
from ..instance.counters import Fact

ASKED_AGAIN = 60.0
"""Seconds after which a process may ask once more by itself."""
_known = False
_asked_at = float("-inf")


def is_known() -> bool:
    """Whether this process knows that there is something foreign. False: it may be there all the same."""
    return _known


def fact_key() -> Key:
    """What to read, together with something else, to learn of it."""
    return key(Fact, "federation", "here")


def learn(found: FoundRecords | None = None) -> None:
    """Remember that there is something foreign, if that was found."""
    global _known
    _known = _known or found is None or found.get(Fact, "federation", "here") is not None


def ask() -> bool:
    """Read whether there is something foreign, unless that was read a moment ago."""
    global _asked_at
    now = time.monotonic()
    if not _known and now - _asked_at >= ASKED_AGAIN:
        _asked_at = now
        learn(fetch(eventual=[fact_key()]))
    return _known


def note(write: Writes) -> None:
    """Within the transaction that writes a foreign account."""
    if not _known:
        write.put(Fact("federation", "here"))


def forget() -> None:
    """Drop what this process remembers."""
    global _known, _asked_at
    _known, _asked_at = False, float("-inf")
