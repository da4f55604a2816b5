"""What becomes of a quote after it was written: it is accepted, refused, taken back, or what it quotes is deleted."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from ..accounts.claims import Claim, uri_claim
from ..dynamo import partitions
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Record, Writes, has_ended, transaction, update, write_batch
from ..federation.accounts import STAMP
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notice, Notification
from ..statuses import counts
from ..statuses.statuses import Status, unchanged
from ..timelines import feeds
from ..timelines.feeds import FeedRow, Span
from . import quotes
from .quotes import DELETED, REVOKED

PAGE = 500
AT_A_TIME = 8


def settle(status: Status, state: str | None, *, stamp: str | None = None, jobs: Iterable[Job] = ()) -> bool:
    """Give a quote another state, with its count, its place in the list, and what the quoted author was told.

    `state`: None accepts it. `stamp`: the uri by which the author of another server does. Then that has a claim.
    False: the status is not as it was read. If what it quotes is gone, that becomes its state.
    """
    before, was = status.quote_state, status.is_quote
    status.quote_state = state
    change = int(status.is_quote) - int(was)
    actions: list[Any] = [Status.quote_state.set(state) if state else Status.quote_state.remove()]
    if stamp is not None:
        actions.append(Status.quote_stamp.set(stamp))
    try:
        with transaction() as write:
            as_read = Status.quote_state == before if before else Status.quote_state.does_not_exist()
            write.update(Status.stub(status.id), actions, unchanged(status) & as_read, label="status")
            if change:
                write.update(Status.stub(status.quote_of), [Status.quotes_count.add(change)],
                             Status.id.exists() & Status.deleted.does_not_exist(), label=counts.QUOTED)
            if quotes.may_count(status):
                write.put(feeds.row_of(status, FeedRow, feeds.of_quotes(status.quote_of), ttl=status.ttl))
            else:
                write.delete(FeedRow.stub(feeds.of_quotes(status.quote_of), status.id))
                notifications.take_back(write, notice_of(status))
            if state == REVOKED and status.host is not None:
                take_stamp_back(write, status)
            if stamp is not None:
                write.put(Claim(uri_claim(stamp).hash, id=status.id, kind=STAMP, by=status.quote_of_account_id))
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        status.quote_state = before
        if counts.QUOTED in failed.labels and "status" not in failed.labels:
            return _note_deleted(status.id, status.quote_of)
        if failed.labels & {"status", counts.QUOTED}:
            return False
        raise
    status.quote_stamp = stamp or status.quote_stamp
    return True


def attach(status: Status, notice: Notice | None, jobs: Iterable[Job] = ()) -> bool:
    """Let a status that is here already quote another one. Its rows in shared feeds name that from then on.

    False: the status is not as it was read, or what it quotes is gone.
    """
    actions = [Status.quote_of.set(status.quote_of), Status.quote_of_account_id.set(status.quote_of_account_id)]
    if status.quote_state:
        actions.append(Status.quote_state.set(status.quote_state))
    try:
        with transaction() as write:
            write.update(Status.stub(status.id), actions,
                         unchanged(status) & Status.quote_of.does_not_exist() & Status.quote_state.does_not_exist()
                         & (Status.visibility == status.visibility), label="status")
            if status.is_quote:
                write.update(Status.stub(status.quote_of), [Status.quotes_count.add(1)],
                             Status.id.exists() & Status.deleted.does_not_exist(), label=counts.QUOTED)
            for row in feeds.permanent_rows(status):
                if not has_ended(row, time.time()):
                    write.put(row)
            if notice is not None:
                notifications.tell(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        if failed.labels & {"status", counts.QUOTED}:
            return False
        raise
    return True


def notice_of(status: Status) -> Notice:
    """By what the notification about a quote is found."""
    return Notice(str(status.quote_of_account_id), "quote", quotes.cause_of(status.id), status.account_id)


def _note_deleted(status_id: str, quoted_id: str) -> bool:
    """Let a status know that what it quotes is deleted, unless the quote was refused or taken back before."""
    open_state = Status.quote_state.does_not_exist() | (Status.quote_state == quotes.PENDING)
    gone = [Status.quote_state.set(DELETED), Status.quote_of.remove(), Status.quote_of_account_id.remove()]
    return update(Status.stub(status_id), gone,
                  Status.deleted.does_not_exist() & (Status.quote_of == quoted_id) & open_state)


def cut(quoted_id: str) -> None:
    """Let everything that quotes a deleted status know. Doing it twice changes nothing."""
    while True:
        rows = feeds.read(FeedRow, feeds.of_quotes(quoted_id), limit=PAGE, strong=True)
        for start in range(0, len(rows), AT_A_TIME):
            together(*[lambda id=row.id: _note_deleted(id, quoted_id) for row in rows[start:start + AT_A_TIME]])
        write_batch(deletes=[FeedRow.stub(row.feed, row.id) for row in rows])
        if len(rows) < PAGE:
            break
    partitions.wipe_all("feeds", of_stamps(quoted_id))


def left_by(status: Status) -> list[Record]:
    """What a quote that is deleted has left with others: its place in the list, the notification, the stamp's claim."""
    if not status.quote_of or status.reblog_of:
        return []
    notice = notice_of(status)
    claims = [Claim.stub(uri_claim(status.quote_stamp).hash)] if status.quote_stamp else []
    return [FeedRow.stub(feeds.of_quotes(status.quote_of), status.id), Notification.stub(notice.account_id, notice.id),
            *claims]


def take_back(tombstone: Status) -> None:
    """Delete what a quote that is deleted has left with others."""
    write_batch(deletes=left_by(tombstone))


# Stamps: what other servers may quote, by the flake that follows from the uri of their quote.


def of_stamps(quoted_id: str) -> str:
    return f"qa#{quoted_id}"


def give_stamp(quoted: Status, by: str, uri: str, jobs: Sequence[Job]) -> bool:
    """Allow an account to quote a status with the status of this uri. False: it is gone."""
    row = FeedRow(of_stamps(quoted.id), quotes.stamp_for_uri(quoted.id, uri), author_id=by, thread=quoted.id,
                  visibility=quoted.visibility, doc={"uri": uri})
    try:
        with transaction() as write:
            write.update(Status.stub(quoted.id), [Status.stamped.set(True)],
                         Status.id.exists() & Status.deleted.does_not_exist())
            write.put(row, FeedRow.doc.does_not_exist() | (FeedRow.doc == row.doc), label="stamp")
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def find_stamp(quoted_id: str, stamp: str) -> FeedRow | None:
    """What allows somebody to quote a status."""
    return next(iter(FeedRow.query(of_stamps(quoted_id), FeedRow.id == stamp, consistent_read=True)), None)


def take_stamp_back(write: Writes, status: Status) -> None:
    """Let a stamp say no, for good, within the transaction that takes the quote back."""
    stamp = quotes.stamp_for(str(status.quote_of), status)
    write.put(FeedRow(of_stamps(str(status.quote_of)), stamp, author_id=status.account_id, thread=status.quote_of,
                      visibility=status.visibility, doc={"uri": status.uri, "revoked": True}))


def quoting_rows(quoted_id: str, after: str | None, limit: int) -> Sequence[FeedRow]:
    """A page of the rows of what quotes a status, or waits for that, oldest first."""
    return feeds.read(FeedRow, feeds.of_quotes(quoted_id), Span(above=after, ascending=True), limit=limit, strong=True)


def set_policy(status: Status, policy: str | None, jobs: Sequence[Job] = ()) -> bool:
    """Let other people quote a status from now on. Quotes that there are stay. False: it is gone."""
    action = Status.quote_policy.set(policy) if policy else Status.quote_policy.remove()
    try:
        with transaction() as write:
            write.update(Status.stub(status.id), [action], Status.id.exists() & Status.deleted.does_not_exist())
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True
