"""Statistics for administrators: how many statuses there are by visibility, of all servers or of one."""

from __future__ import annotations

from ...settings import settings
from ...store.instance import counters
from ...store.statuses.visibilities import STATISTICS


def count_by_visibility(instance: str | None) -> dict[str, int]:
    """How many statuses there are, without reblogs. `instance`: only those of one host, as addresses spell it."""
    if instance is not None and instance.casefold() != settings.host.casefold():
        return dict.fromkeys(STATISTICS, 0)
    return counters.statuses_by_visibility()
