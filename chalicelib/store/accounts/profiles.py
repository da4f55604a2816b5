"""Changing what an account says of itself: the profile `P`, and what frontends keep in `F`.

The profile's `doc` and the notification settings are JSON texts, which cannot be changed piece by piece. So every
change reads, decides and writes under `version`. A change that was overtaken reads and decides again, so two changes
at once are both made (`domain/accounts/changing.py`). Counters do not take part: they move whatever is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.condition import Condition

from ..dynamo import ahead
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, FoundRecords, fetch, transaction, update
from . import accounts
from .accounts import PREFERENCES, PROFILE, Account, Preferences


@dataclass(frozen=True)
class Writing:
    """What is to be written: attributes of the profile by name, and all that frontends keep (None: no change)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    settings_store: dict[str, Any] | None = None


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

    It is one UpdateItem, or one transaction if what frontends keep changes too.
    """
    if not _write(known.account, known.preferences, writing):
        raise Overtaken
    return _changed(known.account, writing.values)


def _write(account: Account, preferences: Preferences | None, writing: Writing) -> bool:
    """Try to write it. False when somebody else was faster."""
    target = Account.stub(account.id, PROFILE)
    exists = Account.id.exists() & Account.deleted.does_not_exist()
    actions = [getattr(Account, name).set(value) for name, value in writing.values.items()]
    if actions:
        actions.append(Account.version.set(_next(account.version)))
    unchanged = exists & _still(Account.version, account.version)
    if writing.settings_store is None:
        return not actions or update(target, actions, unchanged)
    kept = Preferences(account.id, PREFERENCES) if preferences is None else preferences
    version = _next(kept.version)
    try:
        with transaction() as write:
            if actions:
                write.update(target, actions, unchanged)
            else:
                write.check(target, exists)
            write.update(Preferences.stub(account.id, PREFERENCES),
                         [Preferences.settings_store.set(writing.settings_store), Preferences.version.set(version)],
                         _still(Preferences.version, kept.version))
    except ConditionFailed:
        return False
    kept.settings_store, kept.version = writing.settings_store, version
    wanted = _preferences_key(account.id)
    ahead.keep([wanted], FoundRecords({wanted: kept}))  # whoever shows the account next need not read it again
    return True


def _still(attribute: Any, version: Any) -> Condition:
    condition: Condition = attribute == version if version else attribute.does_not_exist()
    return condition


def _next(version: Any) -> int:
    return int(version or 0) + 1


def _changed(account: Account, values: Mapping[str, Any]) -> Account:
    if not values:
        return account
    changed = Account.__new__(Account)
    changed.attribute_values = {**account.attribute_values, **values, "version": _next(account.version)}
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
