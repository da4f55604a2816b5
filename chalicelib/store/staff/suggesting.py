"""The accounts that administrators suggest to everybody: a mark in each profile, and the list of them all."""

from __future__ import annotations

from collections.abc import Sequence

from ..accounts.accounts import PROFILE, Account
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction, update
from ..instance.counters import Fact
from . import log
from .log import LoggedAct


def _list_key() -> Key:
    return key(Fact, "suggested", "ids")


def set_suggested(accounts: Sequence[Account], wanted: bool, entry: LoggedAct) -> None:
    """Mark and list accounts, or take both back, with the entry of the moderation log.

    Raises Overtaken: one of them has changed since it was read.
    """
    ids, listed = {account.id for account in accounts}, _list_key()
    mark = Account.suggested.set(True) if wanted else Account.suggested.remove()
    before = Account.suggested.does_not_exist() if wanted else Account.suggested.exists()
    try:
        with transaction() as write:
            for account in accounts:
                write.update(Account.stub(account.id, PROFILE), [mark],
                             Account.id.exists() & Account.deleted.does_not_exist() & before)
            write.update(Fact.stub(listed.hash, listed.range),
                         [Fact.ids.add(ids) if wanted else Fact.ids.delete(ids)])
            log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed


def strike(write: Writes, account_id: str) -> None:
    """Within the transaction that closes an account: take it off the list."""
    listed = _list_key()
    write.update(Fact.stub(listed.hash, listed.range), [Fact.ids.delete({account_id})])


def dismiss(account_id: str) -> None:
    """Take an account off the list, if it is on it."""
    listed = _list_key()
    update(Fact.stub(listed.hash, listed.range), [Fact.ids.delete({account_id})], Fact.ids.contains(account_id))


def list_ids() -> frozenset[str]:
    """The accounts that are suggested. Some may be gone."""
    wanted = _list_key()
    listed = fetch(eventual=[wanted]).get(Fact, wanted.hash, wanted.range)
    return frozenset(listed.ids or ()) if listed else frozenset()
