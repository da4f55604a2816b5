"""Groups of notifications: those of one type and target, of one half of a day.

A group's key follows from any of its notifications: `favourite-STATUS-HOUR`, with the hour in which the half of the day
begins, counted since 1970. So nothing is stored for it, and all of a group stand near each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from ...ids import milliseconds_of, number_at
from ...store.notifications.notifications import NAMES, TYPES, Notification

GROUPED = ("favourite", "follow", "reblog", "admin.sign_up", "pleroma:emoji_reaction")
UNGROUPED = "ungrouped-"
HOUR = 3_600_000
HOURS = 12
LONGEST_HOUR = 9
LONGEST_NUMBER = 16


def key_of(row: Notification, grouped: Collection[str] = GROUPED) -> str:
    """The key of a notification's group. `grouped`: the types that are grouped; others are groups of one."""
    type = NAMES[row.type]
    if type not in grouped or type not in GROUPED or row.is_held:
        return f"{UNGROUPED}{int(row.id)}"
    target = [row.status] if row.status else []
    emoji = [hashlib.sha256(row.emoji.encode()).hexdigest()[:8]] if row.emoji else []
    return "-".join([type, *target, *emoji, str(hour_of(int(row.id)))])


def hour_of(number: int) -> int:
    """When the half of the day of a notification began, in hours since 1970."""
    return milliseconds_of(number) // (HOUR * HOURS) * HOURS


@dataclass(frozen=True)
class GroupName:
    """What a key says. `above`, `below`: its notifications have numbers between these."""

    key: str
    letter: str
    above: int
    below: int


def group_named(key: str) -> GroupName | None:
    """What the key of a group says. None: it is no such key. Those of single notifications are not read here."""
    type = next((each for each in GROUPED if key.startswith(f"{each}-")), None)
    hour = key.rpartition("-")[2]
    if type is None or not (hour.isascii() and hour.isdigit() and len(hour) <= LONGEST_HOUR):
        return None
    return GroupName(key, TYPES[type], number_at(int(hour) * HOUR) - 1, number_at((int(hour) + HOURS) * HOUR))


def single_in(key: str) -> int | None:
    """The notification that a key of a group of one names."""
    number = key.removeprefix(UNGROUPED)
    is_single = key.startswith(UNGROUPED) and number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return int(number) if is_single else None
