"""Changing what an account says of itself: the profile `P`, and what frontends keep in `F`.

The profile's `doc` and its notification settings are JSON texts, which cannot be changed piece by piece. So every
change is read-modify-write under `version`: a writer who was overtaken decides anew on what is there now, and two
changes at once are both made. Counters are not part of it: they move by themselves, whatever is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.expressions.condition import Condition

from ..dynamo import ahead
from ..dynamo.failures import pause
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Found, Overloaded, fetch, transaction, update
from . import accounts
from .accounts import PREFERENCES, PROFILE, Account, Preferences

TRIES = 40


@dataclass(frozen=True)
class Writing:
    """What is to be written: attributes of the profile by name, and what frontends keep, whole (None: as it is)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    settings_store: dict[str, Any] | None = None


Decide = Callable[[Account, dict[str, Any]], Writing]
"""Given the account and what frontends keep with it: what to write. May be asked again, with what is there then."""


class Gone(Exception):
    """The account was deleted meanwhile."""


def change(account: Account, decide: Decide, *, with_settings_store: bool = False) -> Account:
    """Write what `decide` makes of the account as it stands: all of it or nothing. The account as it then is.

    One UpdateItem, or one transaction where what frontends keep changes too. Raises Gone.
    """
    preferences = _preferences(account.id) if with_settings_store else None
    for attempt in range(TRIES):
        writing = decide(account, (preferences and preferences.settings_store) or {})
        if _write(account, preferences, writing):
            return _changed(account, writing.values)
        pause(attempt)
        account, preferences = _again(account.id, with_settings_store)
    raise Overloaded("others kept changing the account")


def _write(account: Account, preferences: Preferences | None, writing: Writing) -> bool:
    """Whether it could be written; False when somebody else was faster."""
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
    ahead.keep([wanted], Found({wanted: kept}))  # whoever shows the account next need not read it again
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


def _again(account_id: str, with_settings_store: bool) -> tuple[Account, Preferences | None]:
    more = [_preferences_key(account_id)] if with_settings_store else []
    found = fetch(strong=[accounts.profile_key(account_id), *more])
    account = accounts.in_found(found, account_id)
    if account is None or account.deleted:
        raise Gone
    return account, found.get(Preferences, account_id, PREFERENCES)
