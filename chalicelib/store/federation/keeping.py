"""Keeping statuses of other servers: they and their rows lose the time at which they would end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..accounts.claims import Claim, uri_claim
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, fetch, transaction, update
from ..quotes import changes
from ..statuses import marks
from ..statuses.edits import versions
from ..statuses.statuses import Status, status_key, unchanged
from ..timelines import feeds
from ..timelines.feeds import FeedRow, Span

PER_PAGE = 100


def pages(status_id: str) -> Iterator[list[Status]]:
    """What would end of a status, its thread, the reblogs of all that, and what quotes it or is quoted by it. Those may
    be of other threads. Rows are read strongly, oldest first.
    """
    first = find([status_id])
    yield _ending(first)
    for thread in {str(status.thread) for status in first}:
        yield from _of_thread(thread)


def _of_thread(thread: str) -> Iterator[list[Status]]:
    above = None
    while True:
        rows = feeds.read(FeedRow, f"t#{thread}", Span(above=above, ascending=True), limit=PER_PAGE, strong=True)
        found = find(str(row.id) for row in rows)
        yield _ending(found)
        for status in found:
            if status.reblogs_count:
                yield _ending(find(marks.reblogs_of(status.id).values()))
            if status.quotes_count:
                yield from _quoting(status)
        yield _ending(find(str(status.quote_of) for status in found if status.is_quote))
        if len(rows) < PER_PAGE:
            return
        above = str(rows[-1].id)


def _quoting(status: Status) -> Iterator[list[Status]]:
    after: str | None = None
    while True:
        rows = changes.quoting_rows(status.id, after, PER_PAGE)
        yield _ending(find(str(row.id) for row in rows))
        if len(rows) < PER_PAGE:
            return
        after = str(rows[-1].id)


def find(status_ids: Iterable[str]) -> list[Status]:
    """Those that DynamoDB still has, even if their time is over: somebody touched them before it was."""
    found = fetch(strong=[status_key(id) for id in status_ids], even_ended=True).all(Status)
    return [status for status in found if not status.deleted]


def _ending(found: Iterable[Status]) -> list[Status]:
    return [status for status in found if status.ttl is not None]


def keep(status: Status) -> None:
    """Let a status stay, with its rows and the claim of its uri. One that changed since it was read is left as it is,
    and what was deleted stays deleted.
    """
    update(Claim.stub(uri_claim(status.foreign_uri or "").hash), [Claim.ttl.remove()], Claim.id == status.id)
    versions.keep(status)
    try:
        with transaction() as write:
            write.update(Status.stub(status.id), [Status.ttl.remove()], unchanged(status))
            for feed in feeds.own_feeds(status):
                write.put(feeds.row_of(status, FeedRow, feed))
    except ConditionFailed:
        return


def find_ending_apart(found: Iterable[Status]) -> list[str]:
    """The uris of those that do not end when the claim and the rows do. For the audit."""
    foreign = [status for status in found if status.host is not None and not status.deleted]
    keys = [each for status in foreign for each in _around(status)]
    around = fetch(strong=keys, even_ended=True)
    return [status.uri for status in foreign
            if {getattr(around.get(*each), "ttl", -1) for each in _around(status)} != {status.ttl}]


def _around(status: Status) -> list[Key]:
    return [uri_claim(status.uri), *(key(FeedRow, feed, status.id) for feed in feeds.own_feeds(status))]
