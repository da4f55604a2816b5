"""What an account keeps of another one for itself: a note, and that it does not want it to be suggested.

It is on the account's own row of the pair. The other's row is written too, so that whoever is deleted finds the pair.
"""

from __future__ import annotations

from typing import Any

from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction
from .relations import Pair, Relation, write_pair


def set_note(pair: Pair, note: str) -> Relation:
    """Keep a note. An empty one takes it away. Raises Overtaken."""
    return _write(pair, {"note": note or None})


def set_unsuggested(pair: Pair) -> Relation:
    """Keep that the other is not to be suggested. Raises Overtaken."""
    return _write(pair, {"unsuggested": True})


def _write(pair: Pair, mine: dict[str, Any]) -> Relation:
    try:
        with transaction() as write:
            return write_pair(write, pair, mine, {})
    except ConditionFailed as failed:
        raise Overtaken from failed
