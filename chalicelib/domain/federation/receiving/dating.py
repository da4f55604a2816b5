"""When something of another server was written, and where that places it here.

    id = flake(published, placed=True, after=None)     an id that sorts by it, unless it was delivered not long after
"""

from __future__ import annotations

import time

from ....ids import flake_back_at, new_flake
from ....settings import settings
from ....store.statuses.statuses import Status

OLDEST = 1_167_609_600
"""Seconds since 1970 of 2007, before which nobody wrote a status."""
LATE_AFTER = 12 * 3600
"""Seconds. What was delivered within them gets an id of now, so that nobody misses it who reads on from the newest."""


def flake(published: float | None, *, placed: bool, after: str | None) -> str:
    """An id that sorts by the date, unless it was delivered not long after. Never before `after`."""
    if published is None or (placed and time.time() - published < LATE_AFTER):
        return new_flake(after=after)
    return flake_back_at(int(max(published, OLDEST) * 1000), after)


def is_late(published: float | None) -> bool:
    """Whether it comes too late for any timeline."""
    after = settings.mrf_object_age_threshold
    return bool(after) and published is not None and time.time() - published > after


def end(after: Status | None) -> int | None:
    """When what comes now is forgotten, in seconds since 1970. None: never.

    `after`: what it answers or passes on. Nothing ends before that, so its counts stay right.
    """
    days = settings.remote_post_retention_days
    if not days or (after is not None and after.ttl is None):
        return None
    return max(int(time.time()) + days * 86400, int(after.ttl or 0) if after is not None else 0)


def date(reblog: Status, published: float | None, original: Status) -> None:
    """Give a reblog that was just delivered its id, its date and its end."""
    published = min(published, time.time()) if published is not None else None
    reblog.id = flake(published, placed=True, after=original.id)
    reblog.fetched = True if is_late(published) else None
    reblog.ttl = end(original)
    reblog.doc = {"published": published} if published is not None else None
