"""Changing a status for the staff: whom it is for, and whether it is sensitive.

A visibility stands in many rows. Those of shared feeds and all counters move in the transaction that changes the
status itself. A job rewrites the others. Until then nobody sees more: the status itself decides who may see it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pynamodb.expressions.update import Action

from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Record, Writes, transaction, update, write_batch
from ..jobs import Job
from ..leaving import cascades
from ..notifications.notifications import Notice, Notification
from ..quotes import changes as quote_changes
from ..relationships import subscriptions
from ..staff import log
from ..staff.log import LoggedAct
from ..timelines import feeds
from ..timelines.feeds import FeedRow, HomeRow
from . import counts
from .delivery import row_of_everything
from .marks import Mark
from .statuses import Status

PAGE = 500
AT_A_TIME = 8


def change(status: Status, visibility: str, *, sensitive: bool, jobs: Sequence[Job], entry: LoggedAct) -> bool:
    """Change the status, with its rows in shared feeds and its place in counters, and log it. `status` is then as it
    is stored. False: it is not as it was read.
    """
    was, shard = status.visibility, status.shard
    as_read = Status.id.exists() & Status.deleted.does_not_exist() & counts.as_read(status)
    actions: list[Action] = [Status.sensitive.set(True) if sensitive else Status.sensitive.remove()]
    try:
        with transaction() as write:
            if visibility != was:
                actions += [*counts.move(write, status, visibility), *_move(write, status, visibility)]
            write.update(Status.stub(status.id), actions, as_read, label="status")
            for job in jobs:
                write.put(job)
            log.add(write, entry)
    except ConditionFailed as failed:
        if counts.PARENT in failed.labels:
            status.visibility, status.shard, status.parent_id = was, shard, None
            return change(status, visibility, sensitive=sensitive, jobs=jobs, entry=entry)
        if "status" in failed.labels:
            return False
        raise
    status.sensitive = sensitive
    return True


def _move(write: Writes, status: Status, visibility: str) -> list[Action]:
    """Put the status into the shared feeds that it belongs to, and take it out of the others. Answers what changes on
    the status itself, which is then as it will be.
    """
    before = feeds.permanent_rows(status)
    status.visibility = visibility
    status.shard = feeds.shard_for(status)
    rows = shared_rows(status)
    for row in rows:
        write.put(row)
    kept = {row.feed for row in rows}
    for row in before:
        if row.feed not in kept:
            write.delete(FeedRow.stub(row.feed, row.id))
    shard = Status.shard.set(status.shard) if status.shard is not None else Status.shard.remove()
    return [Status.visibility.set(visibility), shard]


# What a job rewrites. All of it may run twice.


def shared_rows(status: Status) -> list[FeedRow]:
    """All rows of a status in shared feeds. Those of other servers are not among everything."""
    return [*feeds.permanent_rows(status), *([row_of_everything(status)] if status.host is None else [])]


def rows_if_public(status: Status) -> list[Record]:
    """The rows that only a public status has."""
    tags = (status.content.get("tags") or [])[:feeds.TAGS_PER_STATUS]
    if status.host is None:
        names = [*feeds.public_feeds(), *(f"g#{tag}" for tag in tags)]
    else:
        names = [feeds.FEDERATED, feeds.of_host(status.host), *(f"gr#{tag}" for tag in tags)]
    return [FeedRow.stub(name, status.id) for name in names]


def leave_conversations(status: Status) -> None:
    """Take a status that was only for chosen people out of timelines of direct statuses and out of conversations."""
    people = dict.fromkeys([status.account_id, *status.addressed])
    write_batch(deletes=[HomeRow.stub(f"d#{id}", status.id) for id in people])
    cascades.leave_conversations(status)


def rewrite_replies(status: Status) -> None:
    """Let the replies know whom their parent is for."""
    cascades.change_replies(status, [Status.parent_visibility.set(status.visibility)])


def rewrite_notices(status: Status) -> None:
    """Change the notifications of those whom the status mentions or quotes, and of the author's subscribers."""
    people = list(status.addressed)
    ids, after = subscriptions.subscriber_ids(status.account_id)
    while ids:
        people += ids
        ids, after = subscriptions.subscriber_ids(status.account_id, after=after) if after else ([], None)
    told = [Notice(id, "mention", status.id, status.account_id) for id in dict.fromkeys(people)]
    _rewrite(status, [*told, quote_changes.notice_of(status)] if status.quote_of else told)


def rewrite_marks(status: Status, after: str | None) -> str | None:
    """Change a page of the marks on the status, with what they told the author. Answers where to go on, if there are
    more."""
    bounds = Mark.account_id > after if after else None
    found = list(Mark.by_status.query(status.id, bounds, limit=PAGE))
    for start in range(0, len(found), AT_A_TIME):
        together(*[
            lambda mark=mark: update(Mark.stub(mark.account_id, mark.status_id),
                                     [Mark.visibility.set(status.visibility)], Mark.visibility.exists())
            for mark in found[start:start + AT_A_TIME]
        ])
    _rewrite(status, [Notice(status.account_id, kind, cause, mark.account_id)
                      for mark in found for kind, cause in cascades.causes(mark)])
    return found[-1].account_id if len(found) == PAGE else None


def _rewrite(status: Status, notices: Sequence[Notice]) -> None:
    for start in range(0, len(notices), AT_A_TIME):
        together(*[
            lambda notice=notice: update(Notification.stub(notice.account_id, notice.id),
                                         [Notification.visibility.set(status.visibility)],
                                         Notification.cause == notice.cause)
            for notice in notices[start:start + AT_A_TIME]
        ])
