"""Filters: phrases among the account's preferences.

Those that act on the server are in the viewer set too, so that filtering reads nothing. Both change together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..accounts import preferences
from ..accounts.accounts import VIEWER_SET, ViewerSet
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key
from ..dynamo.table import ConditionFailed, transaction

__all__ = ["Filter", "Filters", "find", "keys", "save"]


@dataclass(frozen=True)
class Filter:
    """A phrase that the owner does not want to read. `irreversible`: the server leaves it out, not the client."""

    id: int
    phrase: str
    context: list[str]
    irreversible: bool = False
    whole_word: bool = True


@dataclass(frozen=True)
class Filters:
    """An account's filters, oldest first, in one version of its preferences."""

    account_id: str
    version: int
    all: list[Filter]


def keys(account_id: str) -> list[Key]:
    return [preferences.preferences_key(account_id)]


def find(account_id: str) -> Filters:
    kept = preferences.find(account_id)
    return Filters(account_id, int(kept.version or 0), [Filter(**each) for each in kept.filters or ()])


def save(before: Filters, after: Sequence[Filter]) -> None:
    """Write the filters, and the phrases of the irreversible ones if those change. Raises Overtaken."""
    phrases = _phrases(after)
    values: dict[str, Any] = {"filters": [asdict(each) for each in after] or None}
    try:
        with transaction() as write:
            preferences.write_in(write, before.account_id, before.version, values)
            if phrases != _phrases(before.all):
                hides = ViewerSet.stub(before.account_id, VIEWER_SET)
                write.update(hides, [ViewerSet.irreversible.set(phrases) if phrases
                                     else ViewerSet.irreversible.remove()])
    except ConditionFailed as failed:
        raise Overtaken from failed


def _phrases(filters: Sequence[Filter]) -> list[str]:
    return list(dict.fromkeys(each.phrase for each in filters if each.irreversible))
