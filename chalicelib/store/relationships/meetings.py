"""Meetings: what must be read of two accounts before their relationship changes, in one round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..accounts import accounts
from ..accounts.accounts import Account, ViewerSet
from ..dynamo import ahead
from ..dynamo.keys import Key
from ..dynamo.table import fetch
from ..statuses.addressing import Addressee
from . import relations
from .relations import Pair, Relation


@dataclass(frozen=True)
class Meeting:
    """The other account with its viewer set, and the rows of the pair."""

    account: Account
    hides: ViewerSet
    pair: Pair

    @property
    def addressee(self) -> Addressee:
        """The other account, as one to be told."""
        return Addressee(self.account, self.hides, self.pair.theirs)


def keys(me: str, other: str) -> list[Key]:
    return [accounts.profile_key(other), accounts.viewer_set_key(other), *relations.pair_keys(me, other)]


def meet(me: str, others: Iterable[str]) -> dict[str, Meeting]:
    """The other accounts that exist, by id. One round, or none where they were read ahead."""
    wanted = [id for id in dict.fromkeys(others) if id != me]
    every = [key for id in wanted for key in keys(me, id)]
    found = ahead.take(every) or fetch(strong=every)
    met = {}
    for id in wanted:
        account = accounts.in_found(found, id)
        if account is not None and not account.deleted:
            met[id] = Meeting(account, accounts.viewer_set_in(found, id), relations.pair_in(found, me, id))
    return met


def standings(me: str, others: Iterable[str]) -> list[tuple[Account, Relation]]:
    """The other accounts that exist, each with how I stand to it, in the order asked. One round."""
    wanted = list(dict.fromkeys(others))
    every = [key for id in wanted for key in (accounts.profile_key(id), relations.relation_key(me, id))]
    found = fetch(strong=every)
    known = {id: accounts.in_found(found, id) for id in wanted}
    return [
        (account, found.get(Relation, me, id) or relations.blank(me, id))
        for id, account in known.items() if account is not None and not account.deleted
    ]
