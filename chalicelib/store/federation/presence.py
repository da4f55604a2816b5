"""Whether anything of other servers is here at all. A server that knows of nobody else reads nothing for the others.

The fact `federation`/`here` is written with the first foreign account. A process that knows of it never asks again.
"""

from __future__ import annotations

from ..dynamo.keys import Key, key
from ..dynamo.table import FoundRecords, Writes
from ..instance.counters import Fact

_known = False


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


def note(write: Writes) -> None:
    """Within the transaction that writes a foreign account."""
    if not _known:
        write.put(Fact("federation", "here"))


def forget() -> None:
    """Drop what this process remembers."""
    global _known
    _known = False
