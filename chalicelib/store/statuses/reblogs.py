"""Reblogs: statuses that pass another one on. The account's mark names the reblog, so that there is only one."""

from __future__ import annotations

from collections.abc import Iterable

from ..accounts.claims import Claim, is_free, uri_claim
from ..dynamo.table import ConditionFailed, transaction
from ..federation.accounts import STATUS
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notice
from ..timelines import feeds
from ..timelines.feeds import SELF, FeedRow, HomeRow
from . import undelivered
from .marks import Mark
from .statuses import Status


def add(wrapper: Status, original: Status, notice: Notice | None, jobs: Iterable[Job] = ()) -> bool:
    """Write the reblog with all rows that its author may read next. False: there is one, or the original is gone."""
    by = wrapper.account_id
    try:
        with transaction() as write:
            actions = [Mark.reblog.set(wrapper.id), Mark.visibility.set(original.visibility),
                       Mark.author_id.set(original.account_id)]
            write.update(Mark.stub(by, original.id), actions, Mark.reblog.does_not_exist(), label="mark")
            alive = Status.id.exists() & Status.deleted.does_not_exist()
            if wrapper.ttl is not None:  # what ends may count only for what ends too
                alive &= Status.ttl.exists()
            write.update(Status.stub(original.id), [Status.reblogs_count.add(1)], alive, label="status")
            write.put(wrapper, Status.id.does_not_exist())
            for row in feeds.permanent_rows(wrapper):
                write.put(row)
            if wrapper.foreign_uri is not None:
                claim = Claim(uri_claim(wrapper.foreign_uri).hash, id=wrapper.id, kind=STATUS, by=by, ttl=wrapper.ttl)
                write.put(claim, is_free(), label="mark")
            else:
                write.put(feeds.home_row(wrapper, by, SELF))
                write.put(undelivered.row_of(wrapper))
            if notice is not None:
                notifications.tell(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        if failed.labels & {"mark", "status"}:
            return False
        raise
    return True


def remove(original: Status, mark: Mark, by: str, jobs: Iterable[Job] = ()) -> bool:
    """Take the reblog back. False when it was gone. From then on, pages skip the rows that followers have of it."""
    wrapper = mark.reblog
    try:
        with transaction() as write:
            write.update(Mark.stub(by, original.id), [Mark.reblog.remove()], Mark.reblog == wrapper, label="mark")
            alive = Status.id.exists() & Status.deleted.does_not_exist()
            write.update(Status.stub(original.id), [Status.reblogs_count.add(-1)], alive, label="status")
            write.delete(Status.stub(wrapper))
            write.delete(FeedRow.stub(f"r#{by}", wrapper))
            write.delete(FeedRow.stub("all", wrapper))
            write.delete(HomeRow.stub(f"h#{by}", wrapper))
            if original.account_id != by:
                notice = Notice(original.account_id, "reblog", wrapper, by)
                notifications.take_back(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True
