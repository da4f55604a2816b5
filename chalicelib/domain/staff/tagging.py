"""Tags of accounts. Some have an effect on what the account posts, and on who may follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...store.accounts.accounts import Account
from ...store.staff import tagging as store
from ...store.staff.log import LoggedAct
from .. import lookup
from ..refusals import BadRequest
from . import log
from .acting import Administrator
from .changing import change, those

MOST_TAGS = 100
"""That an account has. Every page that shows the account loads them."""


def tag(names: Iterable[str], tags: Sequence[str], by: Administrator) -> None:
    """Give accounts tags that they do not have, in this order. Raises BadRequest: one would have too many."""
    more = _lowered(tags)
    _change(names, lambda account: list(dict.fromkeys([*(account.tags or ()), *more])),
            lambda known: log.tagged(by, _nicknames(known), tags))


def untag(names: Iterable[str], tags: Sequence[str], by: Administrator) -> None:
    """Take tags from accounts."""
    fewer = frozenset(_lowered(tags))
    _change(names, lambda account: [each for each in account.tags or () if each not in fewer],
            lambda known: log.untagged(by, _nicknames(known), tags))


def _change(names: Iterable[str], becomes: Callable[[Account], list[str]],
            entry: Callable[[Sequence[Account]], LoggedAct]) -> None:
    def write(known: list[Account]) -> None:
        wanted = {account.id: becomes(account) for account in known}
        _refuse_too_many(wanted.values())
        store.set_tags(known, wanted, entry(known))

    named = [account for account in lookup.get_all(names) if not account.deleted]
    _refuse_too_many(map(becomes, named))
    change(named, those(lambda account: not account.deleted and becomes(account) != (account.tags or [])), write)


def _refuse_too_many(tags: Iterable[Sequence[str]]) -> None:
    if any(len(each) > MOST_TAGS for each in tags):
        raise BadRequest("Too many tags")


def _lowered(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(tag.lower() for tag in tags))


def _nicknames(known: Iterable[Account]) -> list[str]:
    return [account.nickname for account in known]
