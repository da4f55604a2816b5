"""Ages: who is old enough to have an account on this server."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

from ...settings import settings

DAYS_OF_A_YEAR = 365.25


def is_day(text: str) -> bool:
    """Whether it is a day as in 2000-12-31, and not one to come."""
    try:
        return date.fromisoformat(text) <= _today() and len(text) == len("2000-01-01")
    except ValueError:
        return False


def is_old_enough(day: str) -> bool:
    """Whether who was born on a day may have an account here."""
    return date.fromisoformat(day) <= _today() - timedelta(days=max(settings.birthday_min_age, 0))


def minimum_years() -> int | None:
    """The age that is demanded, in years. None: any."""
    return math.ceil(settings.birthday_min_age / DAYS_OF_A_YEAR) if settings.birthday_min_age > 0 else None


def _today() -> date:
    return datetime.now(UTC).date()
