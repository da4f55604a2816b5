"""What the deliver job writes: home rows, the server's statistics, the feed of everything local."""

from __future__ import annotations

from collections.abc import Sequence

from ..dynamo.table import ConditionFailed, transaction, write_batch
from ..instance.counters import Fact, local_key
from ..timelines import feeds
from ..timelines.feeds import FeedRow, HomeRow
from .posting import COUNTED
from .statuses import Status


def write(rows: Sequence[HomeRow]) -> None:
    write_batch(puts=rows)


def take_back(rows: Sequence[HomeRow]) -> None:
    write_batch(deletes=rows)


def count(status: Status) -> None:
    """Count a status in the server's statistics, once, and add it to the feed of everything local."""
    if status.visibility in COUNTED and not status.counted and not status.reblog_of:
        try:
            with transaction() as write:
                uncounted = Status.counted.does_not_exist() & Status.deleted.does_not_exist() & Status.id.exists()
                write.update(Status.stub(status.id), [Status.counted.set(True)], uncounted)
                write.update(_statistics(), [Fact.statuses.add(1)])
        except ConditionFailed:
            return
    write_batch(puts=[feeds.row_of(status, FeedRow, "all")])


def uncount(status: Status) -> None:
    """Take a deleted status out of the statistics, once."""
    try:
        with transaction() as write:
            write.update(Status.stub(status.id), [Status.counted.remove()], Status.counted.exists())
            write.update(_statistics(), [Fact.statuses.add(-1)])
    except ConditionFailed:
        pass


def _statistics() -> Fact:
    wanted = local_key()
    return Fact.stub(wanted.hash, wanted.range)
