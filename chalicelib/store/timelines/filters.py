"""Filters: what the account does not want to read, among its preferences.

The viewer set has all of them as one text, so that filtering a page reads nothing. Both change together. Phrases of
those that act everywhere are in a list of their own too, where versions before this one look.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..accounts import preferences
from ..accounts.accounts import PREFERENCES, VIEWER_SET, Preferences, ViewerSet
from ..dynamo import walking
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Item, Key
from ..dynamo.table import ConditionFailed, transaction
from ..dynamo.walking import Walked

__all__ = ["BLUR", "HIDE", "WARN", "Filter", "FilteredStatus", "Filters", "Keyword", "are_older", "find", "from_text",
           "keys", "save", "to_text", "walk"]

WARN, HIDE, BLUR = "warn", "hide", "blur"


@dataclass(frozen=True)
class Keyword:
    """A word or phrase of a filter. `whole_word`: it counts only where words begin and end."""

    id: int
    keyword: str
    whole_word: bool = True


@dataclass(frozen=True)
class FilteredStatus:
    """A status that a filter names, whatever it says."""

    id: int
    status_id: str


@dataclass(frozen=True)
class Filter:
    """Something that its owner does not want to read, and where.

    `until`: when it ends, in seconds; None: never. `everywhere`: the server leaves out what matches, whatever the
    context, as the older API promises of its irreversible filters.
    """

    id: int
    title: str
    context: tuple[str, ...] = ()
    action: str = WARN
    until: int | None = None
    everywhere: bool = False
    keywords: tuple[Keyword, ...] = ()
    statuses: tuple[FilteredStatus, ...] = ()


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
    return Filters(account_id, int(kept.version or 0), [_filter(each) for each in kept.filters or ()])


def walk(after: Item | None) -> Walked[Preferences]:
    """A page of all preferences, for `backfill`. `after`: where the page before ended."""
    return walking.walk(Preferences, after, only={"part": PREFERENCES})


def are_older(kept: Preferences) -> bool:
    """Whether these have filters that the viewer set does not know, since they were written as phrases."""
    return any("phrase" in each for each in kept.filters or ())


def save(before: Filters, after: Sequence[Filter]) -> None:
    """Write the filters, and what the viewer set has of them. Raises Overtaken."""
    values: dict[str, Any] = {"filters": [_kept(each) for each in after] or None}
    told = [_set(ViewerSet.filters, to_text(after) if after else None),
            _set(ViewerSet.irreversible, _phrases(after) or None)]
    try:
        with transaction() as write:
            preferences.write_in(write, before.account_id, before.version, values)
            write.update(ViewerSet.stub(before.account_id, VIEWER_SET), told)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _set(attribute: Any, value: Any) -> Any:
    return attribute.remove() if value is None else attribute.set(value)


def _phrases(filters: Iterable[Filter]) -> list[str]:
    return list(dict.fromkeys(keyword.keyword for each in filters if each.everywhere for keyword in each.keywords))


# As they are kept. Names that most filters do not need are left out.


def to_text(filters: Iterable[Filter]) -> str:
    """The filters as the viewer set has them."""
    return json.dumps([_kept(each) for each in filters], ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> list[Filter]:
    return [_filter(each) for each in json.loads(text)]


def _kept(filter: Filter) -> dict[str, Any]:
    optional = {"until": filter.until, "everywhere": filter.everywhere,
                "keywords": [[each.id, each.keyword, each.whole_word] for each in filter.keywords],
                "statuses": [[each.id, each.status_id] for each in filter.statuses]}
    return {"id": filter.id, "title": filter.title, "context": filter.context, "action": filter.action,
            **{name: value for name, value in optional.items() if value}}


def _filter(kept: Mapping[str, Any]) -> Filter:
    if "phrase" in kept:
        return _older(kept)
    return Filter(
        kept["id"], kept["title"], tuple(kept["context"]), kept["action"], kept.get("until"),
        kept.get("everywhere", False), tuple(Keyword(*each) for each in kept.get("keywords", ())),
        tuple(FilteredStatus(*each) for each in kept.get("statuses", ())),
    )


def _older(kept: Mapping[str, Any]) -> Filter:
    """One that was written when a filter was a phrase. What clients did not hide, the server left out everywhere."""
    irreversible = bool(kept.get("irreversible"))
    return Filter(kept["id"], kept["phrase"], tuple(kept["context"]), HIDE if irreversible else WARN,
                  everywhere=irreversible,
                  keywords=(Keyword(kept["id"], kept["phrase"], kept.get("whole_word", True)),))
