"""Favourites: an account's star on a status, kept on its mark and counted on the status, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from ..dynamo.table import ConditionFailed, transaction
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notice
from .marks import Mark
from .statuses import Status


def add(status: Status, by: str, flake: str, notice: Notice | None, jobs: Iterable[Job] = ()) -> bool:
    """Record and count the star. False when it was there already, or the status is gone."""
    try:
        with transaction() as write:
            actions = [Mark.favourite.set(flake), Mark.visibility.set(status.visibility),
                       Mark.author_id.set(status.account_id)]
            write.update(Mark.stub(by, status.id), actions, Mark.favourite.does_not_exist(), label="mark")
            alive = Status.id.exists() & Status.deleted.does_not_exist()
            write.update(Status.stub(status.id), [Status.favourites_count.add(1)], alive, label="status")
            if notice is not None:
                notifications.tell(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        if failed.labels & {"mark", "status"}:
            return False
        raise
    return True


def remove(status: Status, mark: Mark, by: str, jobs: Iterable[Job] = ()) -> bool:
    """Take the star back with its notification. False when it was gone, or has been given anew meanwhile."""
    flake = mark.favourite
    try:
        with transaction() as write:
            write.update(Mark.stub(by, status.id), [Mark.favourite.remove()], Mark.favourite == flake, label="mark")
            alive = Status.id.exists() & Status.deleted.does_not_exist()
            write.update(Status.stub(status.id), [Status.favourites_count.add(-1)], alive, label="status")
            if status.account_id != by:
                notice = Notice(status.account_id, "favourite", flake, by)
                notifications.take_back(write, notice)
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True
