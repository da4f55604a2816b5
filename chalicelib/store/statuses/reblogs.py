"""Reblogs: a status that passes another one on. The mark names it, so that one account has one of each."""

from __future__ import annotations

from collections.abc import Iterable

from ..dynamo.table import ConditionFailed, transaction
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notice
from ..timelines import feeds
from ..timelines.feeds import SELF, FeedRow, HomeRow
from .marks import Mark
from .statuses import Status


def add(wrapper: Status, original: Status, notice: Notice | None, jobs: Iterable[Job]) -> bool:
    """Write the reblog with everything its author can look at next; False when there is one, or nothing to reblog."""
    by = wrapper.account_id
    try:
        with transaction() as write:
            actions = [Mark.reblog.set(wrapper.id), Mark.visibility.set(original.visibility),
                       Mark.author_id.set(original.account_id)]
            write.update(Mark.stub(by, original.id), actions, Mark.reblog.does_not_exist(), label="mark")
            alive = Status.id.exists() & Status.deleted.does_not_exist()
            write.update(Status.stub(original.id), [Status.reblogs_count.add(1)], alive, label="status")
            write.put(wrapper, Status.id.does_not_exist())
            for row in feeds.permanent_rows(wrapper):
                write.put(row)
            write.put(feeds.home_row(wrapper, by, SELF))
            if notice is not None:
                notifications.tell(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        if failed.labels & {"mark", "status"}:
            return False
        raise
    return True


def remove(original: Status, mark: Mark, by: str) -> bool:
    """Take the reblog back; False when it was gone. Followers' rows of it are skipped from then on."""
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
    except ConditionFailed:
        return False
    return True
