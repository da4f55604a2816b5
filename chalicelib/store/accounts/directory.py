"""The accounts of chosen standings by nickname, as administrators list them: by page, or those that fit some words.

A standing has one partition of the index `directory`. A page is merged from one query of each. The index lags, so
whoever shows the accounts reads them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from heapq import merge
from operator import and_, or_
from typing import Any

from pynamodb.expressions.condition import Condition

from ..dynamo.parallel import together
from .accounts import Account

PAGES = 4
"""Megabytes of each standing that a search reads: some twenty thousand accounts."""
Listed = tuple[str, str]
"""Nickname and id."""


def page(standings: Iterable[str], first: int, last: int) -> list[str]:
    """The ids of the accounts from one place in the list to another, without the latter.

    All before them are read too, some five thousand in a call.
    """
    found = together(*[lambda standing=standing: _beginning(standing, last) for standing in standings])
    return _ids(merge(*found))[first:last]


def _beginning(standing: str, most: int) -> list[Listed]:
    rows = Account.by_directory.query(standing, limit=most, attributes_to_get=["id", "nick_lc"])
    return [(row.nickname_lower, row.id) for row in rows]


def search(standings: Iterable[str], *, nickname: str, name: str, tags: Sequence[str]) -> list[str]:
    """The ids of all accounts whose nickname and name contain these texts, and who have any of the tags."""
    wanted = [
        *([Account.nickname_find.contains(nickname)] if nickname else []),
        *([Account.display_lower.contains(name)] if name else []),
        *([reduce(or_, [Account.tags.contains(tag) for tag in tags])] if tags else []),
    ]
    condition = reduce(and_, wanted)
    found = together(*[lambda standing=standing: _fitting(standing, condition) for standing in standings])
    return _ids(merge(*found))


def _fitting(standing: str, condition: Condition) -> list[Listed]:
    found: list[Listed] = []
    after: dict[str, Any] | None = None
    for _ in range(PAGES):
        answer = Account.page(standing, filter_condition=condition, index_name=Account.by_directory.Meta.index_name,
                              attributes_to_get=["id", "nick_lc"], exclusive_start_key=after)
        found += [(item["nick_lc"]["S"], item["id"]["S"]) for item in answer["Items"]]
        after = answer.get("LastEvaluatedKey")
        if after is None:
            break
    return found


def _ids(listed: Iterable[Listed]) -> list[str]:
    """Each account once: while its standing changes, the index may have it twice."""
    return list(dict.fromkeys(id for _, id in listed))
