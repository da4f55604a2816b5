"""The statuses of an account that is being deleted: what a cascade does for one status, done for many at once.

For a page of statuses, each status costs one query of its marks and each thread one query. Batches and transactions
are shared. The row in the author's own feed is deleted last: while it exists, its status is not done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .. import jobs
from ..accounts.claims import Claim, uri_claim
from ..dynamo import partitions
from ..dynamo.failures import Overtaken
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, fetch, transaction, update, write_batch
from ..instance import counters
from ..notifications.notifications import Notice, Notification
from ..quotes import changes as quote_changes
from ..quotes.quotes import REVOKED
from ..relationships import relations
from ..statuses import counts
from ..statuses.counts import COUNTED
from ..statuses.edits import versions
from ..statuses.marks import Mark
from ..statuses.statuses import Status
from ..statuses.visibilities import PUBLIC
from ..timelines import feeds
from ..timelines.feeds import FeedRow, HomeRow, Span
from . import cascades

PER_PAGE = 50
PER_TRANSACTION = 30
AT_A_TIME = 8
FOLLOWERS_PER_PAGE = 500
THREAD_PAGE = 1000


def erase(account_id: str, timer: Callable[[str], str]) -> int:
    """Delete a page of the account's statuses with all that belongs to them. Answers how many there were.

    `timer` names the job that waits for the end of a status that expires.
    """
    rows = feeds.read(FeedRow, f"a#{account_id}", limit=PER_PAGE, strong=True)
    found = _statuses(row.id for row in rows)
    for start in range(0, len(rows), PER_TRANSACTION):
        _uncount([row.id for row in rows[start:start + PER_TRANSACTION]], account_id)
    edits = {id: versions.ids_of(status) for id, status in found.items()}
    for start in range(0, len(rows), AT_A_TIME):
        together(*[lambda row=row: _take_back_marks(row, edits.get(row.id, ()), found.get(row.id))
                   for row in rows[start:start + AT_A_TIME]])
    for status in found.values():
        if status.quotes_count or status.stamped or "can_quote" in status.content:
            quote_changes.cut(status.id)
    for thread in sorted({row.thread for row in rows}):
        _cut_replies(thread, {row.id for row in rows if row.thread == thread}, account_id)
    for id in sorted(found, reverse=True):  # newest first: each hands over to the one before it
        cascades.move_conversations_back(found[id])
    jobs.cancel(timer(status.id) for status in found.values() if status.expires)
    write_batch(deletes=[gone for row in rows for gone in _elsewhere(row, found.get(row.id))])
    partitions.delete("search", [{"term": {"S": f"s#{stem}"}, "k": {"S": status.id}}
                                 for status in found.values() for stem in status.stems or ()])
    _unclaim(found.values())
    for id, status in found.items():
        write_batch(deletes=cascades.notices_of_edits(edits[id], account_id, status.addressed))
        versions.forget(id, edits[id])
    write_batch(deletes=[Status.stub(row.id) for row in rows])
    write_batch(deletes=[FeedRow.stub(row.feed, row.id) for row in rows])
    return len(rows)


def _unclaim(found: Iterable[Status]) -> None:
    """Let go of the uris of statuses of another server. They may be met again, if their author may."""
    write_batch(deletes=[Claim.stub(uri_claim(status.foreign_uri).hash) for status in found if status.foreign_uri])


def erase_reblogs(account_id: str) -> int:
    """Delete a page of the account's reblogs. The originals' counters go down when its marks are taken back."""
    rows = feeds.read(FeedRow, f"r#{account_id}", limit=PER_PAGE, strong=True)
    if any(row.host for row in rows):
        _unclaim(_statuses(row.id for row in rows).values())
    write_batch(deletes=[FeedRow.stub("all", row.id) for row in rows])
    write_batch(deletes=[Status.stub(row.id) for row in rows])
    write_batch(deletes=[FeedRow.stub(row.feed, row.id) for row in rows])
    return len(rows)


def _statuses(ids: Iterable[str]) -> dict[str, Status]:
    found = fetch(strong=[key(Status, id) for id in ids])
    return {status.id: status for status in found.all(Status)}


def _uncount(ids: Sequence[str], account_id: str, vanished: frozenset[str] = frozenset()) -> None:
    """Take statuses out of the statistics, and out of the counts of what they answer and quote, each once, in one
    transaction.

    The status itself notes what has been counted off, so that nobody counts it off again. `vanished`: others that
    were found gone; they count nothing. Raises Overtaken.
    """
    counted = [status for status in _statuses(ids).values() if _counts(status, account_id, vanished)]
    parents = Counter(status.parent_id for status in counted if _parent(status, account_id, vanished))
    quoted = Counter(id for status in counted if (id := _quoted(status, account_id, vanished)) is not None)
    if not counted:
        return
    try:
        with transaction() as write:
            for status in counted:
                taken = [Status.counted.remove(), Status.in_statistics.set(False), Status.parent_id.remove()]
                if status.is_quote:
                    taken.append(Status.quote_state.set(REVOKED))
                write.update(Status.stub(status.id), taken, _unchanged(status), label="status")
            for id in parents | quoted:
                alive = Status.id.exists() & Status.deleted.does_not_exist()
                less = [counter.add(-number) for counter, number in (
                    (Status.replies_count, parents[id]), (Status.quotes_count, quoted[id])) if number]
                write.update(Status.stub(id), less, alive, label=id)
            by_visibility = Counter(status.visibility for status in counted if status.in_statistics)
            counters.count_statuses(write, account_id, -sum(bool(status.counted) for status in counted),
                                    {visibility: -number for visibility, number in by_visibility.items()})
    except ConditionFailed as failed:
        gone = failed.labels - {"status"}
        if not gone:
            raise Overtaken from failed
        _uncount(ids, account_id, vanished | gone)


def _parent(status: Status, account_id: str, vanished: frozenset[str]) -> str | None:
    """The status of somebody else that counts this one as a reply."""
    counts = status.visibility in COUNTED and not status.deleted and status.parent_account_id != account_id
    return status.parent_id if counts and status.parent_id not in vanished else None


def _quoted(status: Status, account_id: str, vanished: frozenset[str]) -> str | None:
    """The status of somebody else that counts this one as a quote."""
    counts = status.is_quote and not status.deleted and status.quote_of_account_id != account_id
    return status.quote_of if counts and status.quote_of not in vanished else None


def _counts(status: Status, account_id: str, vanished: frozenset[str]) -> bool:
    in_any = status.counted or status.in_statistics
    others = (_parent(status, account_id, vanished), _quoted(status, account_id, vanished))
    return bool(in_any) or any(each is not None for each in others)


def _unchanged(status: Status) -> Any:
    parent = Status.parent_id == status.parent_id if status.parent_id else Status.parent_id.does_not_exist()
    alive = Status.deleted.exists() if status.deleted else Status.deleted.does_not_exist()
    return Status.id.exists() & counts.as_read(status) & parent & alive


def _take_back_marks(row: FeedRow, edits: Sequence[str], status: Status | None) -> None:
    """Delete what others did to the status, with their reblogs. Its notifications go with the author, who got them.

    `edits`: what those were told of who reblogged it. `status`: it, if it is still there.
    """
    page: list[Mark] = []
    for mark in Mark.by_status.query(row.id):
        page.append(mark)
        if len(page) == 100:
            _delete_marks(page, edits, status)
            page = []
    _delete_marks(page, edits, status)


def _delete_marks(marks: Sequence[Mark], edits: Sequence[str], status: Status | None) -> None:
    reblogged = [mark for mark in marks if mark.reblog]
    for mark in reblogged:
        _take_back_reblog(mark)
    write_batch(deletes=cascades.notices_of_edits(edits, "", [mark.account_id for mark in reblogged]))
    if status is not None:
        write_batch(deletes=cascades.notices_of_poll(status, [mark.account_id for mark in marks]))
    write_batch(deletes=[Mark.stub(mark.account_id, mark.status_id) for mark in marks])


def _take_back_reblog(mark: Mark) -> None:
    """Delete a reblog of the status, also from the home timelines of those who follow the reblogger."""
    after: str | None = None
    while True:
        ids, after = relations.follower_ids(mark.account_id, after=after, limit=FOLLOWERS_PER_PAGE)
        write_batch(deletes=[HomeRow.stub(f"h#{id}", mark.reblog) for id in ids])
        if after is None:
            break
    write_batch(deletes=[
        Status.stub(mark.reblog), HomeRow.stub(f"h#{mark.account_id}", mark.reblog),
        FeedRow.stub(f"r#{mark.account_id}", mark.reblog), FeedRow.stub("all", mark.reblog),
    ])


def _cut_replies(thread: str, ids: set[str], account_id: str) -> None:
    """Let the replies of others no longer name their parent. One query of the thread serves all of them."""
    actions = [Status.parent_id.remove(), Status.parent_account_id.remove(), Status.parent_visibility.remove(),
               Status.parent_to.remove()]
    above: str | None = min(ids)
    while above is not None:
        later = Span(above=above, ascending=True)
        rows = feeds.read(FeedRow, f"t#{thread}", later, limit=THREAD_PAGE, strong=True)
        replies = [row for row in rows if row.parent_id in ids and row.author_id != account_id]
        for start in range(0, len(replies), AT_A_TIME):
            together(*[
                lambda row=row: update(Status.stub(row.id), actions, Status.parent_id == row.parent_id)
                for row in replies[start:start + AT_A_TIME]
            ])
        above = rows[-1].id if len(rows) == THREAD_PAGE else None


def _elsewhere(row: FeedRow, status: Status | None) -> list[Any]:
    """All rows that name a status, besides its own item and the author's feed. They follow from its row in that feed;
    the rows of the addressed follow from the status itself."""
    addressed = dict.fromkeys([*(row.to or ()), *(status.addressed if status is not None else ())])
    gone: list[Any] = [FeedRow.stub(name, row.id) for name in ("all", f"t#{row.thread}", f"m#{row.author_id}")]
    if row.visibility == PUBLIC:
        gone += [FeedRow.stub(name, row.id)
                 for name in (feeds.public_feed(row.shard), *(f"g#{tag}" for tag in row.tags or ()))]
    if status is not None:
        gone += quote_changes.left_by(status)
    for account_id in addressed:
        notice = Notice(account_id, "mention", row.id, row.author_id)
        gone += [HomeRow.stub(f"h#{account_id}", row.id), HomeRow.stub(f"d#{account_id}", row.id),
                 Notification.stub(account_id, notice.id)]
    return gone
