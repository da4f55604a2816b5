"""Endorsements: whom an account recommends on its profile. The profile itself holds their ids."""

from __future__ import annotations

from collections.abc import Set

from pynamodb.expressions.condition import size

from ..accounts.accounts import PROFILE, Account
from ..dynamo.table import update

MOST = 20
"""So many accounts one can recommend."""


def add(account_id: str, other: str) -> bool:
    """Recommend an account. False if there are as many as there may be."""
    room = Account.endorsed.does_not_exist() | (size(Account.endorsed) < MOST) | Account.endorsed.contains(other)
    return update(Account.stub(account_id, PROFILE), [Account.endorsed.add({other})], Account.id.exists() & room)


def remove(account_id: str, other: str) -> None:
    update(Account.stub(account_id, PROFILE), [Account.endorsed.delete({other})], Account.id.exists())


def with_endorsed(account: Account, endorsed: Set[str]) -> Account:
    """The account as it is when it recommends these."""
    changed = Account.stub(account.id, PROFILE)
    changed.attribute_values = {**account.attribute_values, "endorsed": frozenset(endorsed)}
    return changed
