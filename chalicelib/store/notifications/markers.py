"""Markers: one attribute for each timeline in the account's state `U`, so that each moves by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..accounts.accounts import STATE, State
from ..dynamo.table import update

HOME, NOTIFICATIONS = "home", "notifications"
_ATTRIBUTES = {HOME: "home_marker", NOTIFICATIONS: "notifications_marker"}


def in_state(state: State, timeline: str) -> dict[str, Any] | None:
    """What is stored of a timeline's marker: the `id`, and `at`, when it was set."""
    kept: dict[str, Any] | None = getattr(state, _ATTRIBUTES[timeline])
    return kept


def put(account_id: str, ids: Mapping[str, str], now: int) -> None:
    """Set the markers of these timelines; the last writer wins."""
    update(State.stub(account_id, STATE), [
        getattr(State, _ATTRIBUTES[timeline]).set({"id": id, "at": now}) for timeline, id in ids.items()
    ])
