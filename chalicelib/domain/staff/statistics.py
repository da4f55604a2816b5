"""Statistics for administrators: how many statuses there are by visibility, of this server or of another one.

Those of this server are counted with each status. Of another server the list is counted that administrators see of it
(`list_of_instance`), when somebody asks: a counter would make every status that comes cost more.
"""

from __future__ import annotations

from ... import host_list
from ...settings import settings
from ...store.instance import counters
from ...store.statuses.visibilities import STATISTICS, statistic_of
from ...store.timelines import feeds
from ...store.timelines.feeds import FeedRow

MOST_COUNTED = 10_000
"""Statuses of another server that are counted: some megabytes."""


def count_by_visibility(instance: str | None) -> dict[str, int]:
    """How many statuses there are, without reblogs. `instance`: only those of one host, as addresses spell it."""
    if instance is None or instance.casefold() == settings.host.casefold():
        return counters.statuses_by_visibility()
    counts = dict.fromkeys(STATISTICS, 0)
    host = host_list.normal(instance)
    for row in feeds.read(FeedRow, feeds.of_host(host), limit=MOST_COUNTED) if host is not None else ():
        counts[statistic_of(row.visibility)] += not row.original_id
    return counts
