"""Ends of mutes and blocks: the map in the viewer set that says until when each of them lasts."""

from __future__ import annotations

from typing import Any


def set_end(ends: Any, known: Any, other: str, until: int | None) -> tuple[list[Any], Any]:
    """What is done to a map, and the condition of it: it must be there, or not, as it was read (`known`).

    `until`: in seconds. None takes the other's end out.
    """
    if until is None:
        return ([ends[other].remove()], ends.exists()) if known is not None else ([], None)
    if known is None:
        return [ends.set({other: until})], ends.does_not_exist()
    return [ends[other].set(until)], ends.exists()
