"""Markers: one attribute for each timeline in the account's state `U`, so that each moves by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import and_
from typing import Any

from ..accounts.accounts import STATE, State
from ..dynamo.table import update

HOME, NOTIFICATIONS = "home", "notifications"
_ATTRIBUTES = {HOME: "home_marker", NOTIFICATIONS: "notifications_marker"}


def in_state(state: State, timeline: str) -> dict[str, Any] | None:
    """What is stored of a timeline's marker: the `id`, `at`, when it was set, and `v`, how often it changed since."""
    kept: dict[str, Any] | None = getattr(state, _ATTRIBUTES[timeline])
    return kept


def put(before: State, ids: Mapping[str, str], now: int) -> bool:
    """Set the markers of these timelines. False if one of them has changed since the state was read."""
    actions, unchanged = [], []
    for timeline, id in ids.items():
        attribute, kept = getattr(State, _ATTRIBUTES[timeline]), in_state(before, timeline)
        actions.append(attribute.set({"id": id, "at": now, "v": next_version(kept)}))
        unchanged.append(attribute.does_not_exist() if kept is None else attribute == kept)
    return update(State.stub(before.id, STATE), actions, reduce(and_, unchanged))


def next_version(kept: Mapping[str, Any] | None) -> int:
    """The version that a marker has once it is set: 0 of a new one."""
    return 0 if kept is None else kept.get("v", 0) + 1
