"""Preferences, part `F` of an account. They are read as a whole, and every change of them demands their version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dynamo import ahead
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction
from .accounts import PREFERENCES, Preferences


def preferences_key(account_id: str) -> Key:
    return key(Preferences, account_id, PREFERENCES)


def find(account_id: str) -> Preferences:
    """The account's preferences, read ahead or now. Empty ones when the account never had any."""
    wanted = [preferences_key(account_id)]
    found = ahead.take(wanted)
    found = fetch(strong=wanted) if found is None else found
    return found.get(Preferences, account_id, PREFERENCES) or Preferences.blank(account_id, PREFERENCES)


def write_in(write: Writes, account_id: str, version: int, values: Mapping[str, Any]) -> None:
    """Change some of them, if they still have this version. None removes a value."""
    changes = [getattr(Preferences, name).remove() if value is None else getattr(Preferences, name).set(value)
               for name, value in values.items()]
    unchanged = Preferences.version == version if version else Preferences.version.does_not_exist()
    write.update(Preferences.stub(account_id, PREFERENCES), [*changes, Preferences.version.set(version + 1)],
                 unchanged)


def save(account_id: str, version: int, values: Mapping[str, Any]) -> None:
    """Change some of them. Raises Overtaken if they have another version by now."""
    try:
        with transaction() as write:
            write_in(write, account_id, version, values)
    except ConditionFailed as failed:
        raise Overtaken from failed
