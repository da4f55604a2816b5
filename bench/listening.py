"""What streaming costs, by arithmetic: an event, a socket, and months in which people listen instead of asking."""

from __future__ import annotations

from collections.abc import Mapping

from . import logged
from .prices import DAY, DAYS, LISTENING, MEMORY_GB

POLLS = ("poll of home, nothing new", "poll of notifications, nothing new")
Used = dict[str, float]


def used_by_event(listening: float) -> Used:
    """What an event uses that so many people hear."""
    milliseconds = LISTENING["milliseconds of an event"] + listening * LISTENING["milliseconds for each who listens"]
    return {
        "queue request": 3, "invocation": 1, "socket message": listening,
        "GB-second": milliseconds / 1000 * LISTENING["GB of memory of the function that sends"],
        "read unit": LISTENING["read units of an event"] + listening * LISTENING["read units for each who listens"],
        "log GB": logged.job() / 1e9,
    }


def used_by_socket(minutes: float) -> Used:
    """What a socket uses that is open so long and hears nothing but heartbeats."""
    beats = minutes // LISTENING["minutes between two heartbeats"]
    seconds = 3 * LISTENING["milliseconds of opening, changing or closing a socket"] / 1000
    return {
        "CDN request": 1, "CDN function run": 1, "invocation": 3, "GB-second": seconds * MEMORY_GB["jobs"],
        "read unit": 5 + beats * LISTENING["read units of a heartbeat"],
        "socket minute": minutes, "socket message": beats + 2,
        "write unit": LISTENING["write units of a socket, its opening and its end"]
        + beats * LISTENING["write units of a heartbeat"], "log GB": 3 * logged.request() / 1e9,
    }


def day() -> Used:
    """What listening uses that one active user does in a day."""
    parts = (
        (LISTENING["sockets of somebody in a day"], used_by_socket(LISTENING["minutes that one is open"])),
        (LISTENING["events of somebody in a day that followers hear"],
         used_by_event(LISTENING["followers who listen then"])),
        (LISTENING["other events of somebody in a day"], used_by_event(LISTENING["people who listen then"])),
    )
    total: Used = {}
    for times, used in parts:
        for unit, amount in used.items():
            total[unit] = total.get(unit, 0) + times * amount
    return total


def month(users: int, asking: Mapping[str, float], of_a_poll: Mapping[str, Mapping[str, float]]) -> Used:
    """A month in which people listen. `asking`: one in which they ask. `of_a_poll`: what each kind of poll uses."""
    total = dict(asking)
    spared = LISTENING["share of polls that sockets make needless"]
    for name in POLLS:
        for unit, amount in of_a_poll[name].items():
            total[unit] -= amount * DAY[name] * spared * DAYS * users
    for unit, amount in day().items():
        total[unit] = total.get(unit, 0) + amount * DAYS * users
    return total
