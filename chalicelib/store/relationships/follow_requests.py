"""Follow requests, as the account answers them that somebody asks to follow."""

from __future__ import annotations

from collections.abc import Iterable

from ..accounts.accounts import VIEWER_SET, ViewerSet
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, transaction, update
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notification
from ..staff import log
from ..staff.log import LoggedAct
from .follows import NO_INBOX, count_follow
from .relations import ACCEPTED, Pair, Relation, write_pair

MOST = 400


def requester_ids(account_id: str) -> list[str]:
    """The accounts that wait to follow this one, four hundred at most."""
    return [str(row.other) for row in Relation.by_request.query(account_id, consistent_read=True, limit=MOST)]


def asked_ids(account_id: str) -> list[str]:
    """The accounts that this one waits to follow, four hundred at most, the newest account first. A moment old."""
    rows = Relation.by_asker.query(account_id, scan_index_forward=False, limit=MOST)
    return [str(row.other) for row in rows]


def authorize(pair: Pair, jobs: Iterable[Job], entry: LoggedAct | None = None) -> Relation:
    """Make the request a follow, and its notification one of a follow. Raises Overtaken.

    `entry`: of an administrator who does it.
    """
    mine, theirs = pair.mine, pair.theirs
    asker = Pair(theirs, mine)
    try:
        with transaction() as write:
            after = write_pair(
                write, pair, {"followed": ACCEPTED, "follower_id": mine.other, "requester_id": None},
                {"follow": ACCEPTED, "following_id": mine.me, "retracting": None},
            )
            count_follow(write, asker, 1, is_foreign=mine.other_inbox is not None)
            write.update(ViewerSet.stub(mine.other, VIEWER_SET), [ViewerSet.gone.delete({mine.me})])
            for job in jobs:
                write.put(job)
            if entry is not None:
                log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed
    _retell(pair)
    return after


def _retell(pair: Pair) -> None:
    """Make the notification of the request, if it still exists, one of the follow."""
    number = pair.mine.follow_notification
    if not number:
        return
    row = Notification.stub(pair.mine.me, number)
    update(row, notifications.becomes_follow(row), Notification.account.exists())


def reject(pair: Pair, jobs: Iterable[Job] = ()) -> Relation:
    """Delete the request with its notification. Raises Overtaken."""
    mine = pair.mine
    try:
        with transaction() as write:
            after = write_pair(
                write, pair,
                {"followed": None, "followed_id": None, "requester_id": None, "follow_notification": None,
                 **NO_INBOX},
                {"follow": None, "follow_id": None, "languages": None},
            )
            if mine.follow_notification:
                write.delete(Notification.stub(mine.me, mine.follow_notification))
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after
