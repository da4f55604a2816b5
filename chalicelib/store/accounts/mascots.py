"""The mascot of an account, in its preferences."""

from __future__ import annotations

from typing import Any

from ..dynamo.keys import key
from ..dynamo.table import fetch, update
from .accounts import PREFERENCES, Preferences


def find(account_id: str) -> dict[str, Any] | None:
    found = fetch(strong=[key(Preferences, account_id, PREFERENCES)]).get(Preferences, account_id, PREFERENCES)
    mascot: dict[str, Any] | None = found.mascot if found is not None else None
    return mascot


def keep(account_id: str, mascot: dict[str, Any]) -> None:
    update(Preferences.stub(account_id, PREFERENCES), [Preferences.mascot.set(mascot)])
