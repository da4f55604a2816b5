"""Changing what an account says of itself: the profile `P`, and what frontends keep in `F`.

The profile's `doc` and the notification settings are JSON texts, which cannot be changed piece by piece. So every
change reads, decides and writes under `version`. A change that was overtaken reads and decides again, so two changes
at once are both made (`domain/accounts/changing.py`). Counters do not take part: they move whatever is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from ..dynamo import ahead
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, FoundRecords, Writes, fetch, transaction, update
from ..jobs import Job
from . import accounts, standings
from .accounts import PREFERENCES, PROFILE, Account, Preferences
from .standings import Move


@dataclass(frozen=True)
class Writing:
    """What is to be written: attributes of the profile by name, and all that frontends keep (None: no change)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    settings_store: dict[str, Any] | None = None
    jobs: Sequence[Job] = ()
    """Written in the same transaction."""


class AccountGone(Exception):
    """The account was deleted meanwhile."""


@dataclass(frozen=True)
class Known:
    """The account as it was read, with what frontends keep if that is to change too."""

    account: Account
    preferences: Preferences | None = None

    @property
    def settings_store(self) -> dict[str, Any]:
        return (self.preferences and self.preferences.settings_store) or {}


def known(account: Account, *, with_settings_store: bool) -> Known:
    """What must be known to change an account that was read already."""
    return Known(account, _preferences(account.id) if with_settings_store else None)


def write(known: Known, writing: Writing) -> Account:
    """Write all of it or nothing. Answers the changed account. Raises Overtaken.

    It is one UpdateItem, or one transaction if what frontends keep changes too, or the account's standing, or if jobs
    follow.
    """
    if not _write(known.account, known.preferences, writing):
        raise Overtaken
    return changed(known.account, writing.values)


def _values(account: Account, writing: Writing) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is written, in two parts: what the account's standing is made of, as far as it changes, and the rest."""
    names = {name for name in writing.values.keys() & standings.DECIDING
             if writing.values[name] != getattr(account, name)}
    return ({name: writing.values[name] for name in names},
            {name: value for name, value in writing.values.items() if name not in standings.DECIDING})


def _write(account: Account, preferences: Preferences | None, writing: Writing) -> bool:
    """Try to write it. False when somebody else was faster."""
    deciding, _ = _values(account, writing)
    if writing.settings_store is None and not deciding and not writing.jobs:
        actions = _actions(account, writing)
        return not actions or update(Account.stub(account.id, PROFILE), actions, _unchanged(account))
    kept = Preferences(account.id, PREFERENCES) if preferences is None else preferences
    try:
        with transaction() as write:
            write_in(write, Known(account, kept), writing)
    except ConditionFailed:
        return False
    if writing.settings_store is not None:
        kept.settings_store, kept.version = writing.settings_store, _next(kept.version)
        wanted = _preferences_key(account.id)
        ahead.keep([wanted], FoundRecords({wanted: kept}))  # whoever shows the account next need not read it again
    return True


def write_in(write: Writes, known: Known, writing: Writing, also: Sequence[Action] = (), label: str = "") -> None:
    """Write it within a transaction, which fails with this label if the account has changed since it was read.

    `also`: what else changes in the profile, whoever changes it.
    """
    account, (deciding, _) = known.account, _values(known.account, writing)
    actions = [*_actions(account, writing), *also]
    if actions:
        standings.move(write, Move(account, deciding, actions, _unchanged(account), label))
    else:
        write.check(Account.stub(account.id, PROFILE), _exists(), label=label)
    for job in writing.jobs:
        write.put(job)
    if writing.settings_store is not None:
        version = known.preferences.version if known.preferences is not None else None
        write.update(
            Preferences.stub(account.id, PREFERENCES),
            [Preferences.settings_store.set(writing.settings_store), Preferences.version.set(_next(version))],
            _still(Preferences.version, version), label=label)


def _actions(account: Account, writing: Writing) -> list[Action]:
    """What is done to the profile, beside its standing."""
    _, values = _values(account, writing)
    actions: list[Action] = [_becomes(getattr(Account, name), value) for name, value in values.items()]
    return [*actions, Account.version.set(_next(account.version))] if writing.values else []


def _becomes(attribute: Any, value: Any) -> Action:
    action: Action = attribute.remove() if value is None else attribute.set(value)
    return action


def _exists() -> Condition:
    exists: Condition = Account.id.exists() & Account.deleted.does_not_exist()
    return exists


def _unchanged(account: Account) -> Condition:
    unchanged: Condition = _exists() & _still(Account.version, account.version)
    return unchanged


def _still(attribute: Any, version: Any) -> Condition:
    condition: Condition = attribute == version if version else attribute.does_not_exist()
    return condition


def _next(version: Any) -> int:
    return int(version or 0) + 1


def changed(account: Account, values: Mapping[str, Any]) -> Account:
    """The account as it is once these values are written."""
    if not values:
        return account
    changed = Account.__new__(Account)
    changed.attribute_values = {**account.attribute_values, **values, "version": _next(account.version)}
    if account.standing is not None:
        changed.standing = standings.of(changed).text
    return changed


def _preferences_key(account_id: str) -> Key:
    return key(Preferences, account_id, PREFERENCES)


def _preferences(account_id: str) -> Preferences | None:
    wanted = [_preferences_key(account_id)]
    found = ahead.take(wanted)
    found = fetch(strong=wanted) if found is None else found
    return found.get(Preferences, account_id, PREFERENCES)


def read_again(account_id: str, *, with_settings_store: bool) -> Known:
    """The account as it is now. Raises AccountGone."""
    more = [_preferences_key(account_id)] if with_settings_store else []
    found = fetch(strong=[accounts.profile_key(account_id), *more])
    account = accounts.in_found(found, account_id)
    if account is None or account.deleted:
        raise AccountGone
    return Known(account, found.get(Preferences, account_id, PREFERENCES))
