"""Mutes: not hearing of an account, for good or for a while. The account is not told."""

from __future__ import annotations

import time

from ...queues.accounts import UnmuteAccount
from ...queues.messages import outbox
from ...store.accounts import accounts
from ...store.relationships import meetings, mutes
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ..refusals import Forbidden
from ..retrying import retried
from ..viewer import Viewer
from .changing import change, change_met
from .standing import Standing


def add(account_id: str, by: Viewer, *, notifications: bool = True, expires_in: int = 0) -> Standing:
    """Mute an account, and its notifications unless told otherwise. It lasts so many seconds, or (0) for good."""
    if account_id == by.id:
        raise Forbidden("Can not mute yourself")
    until = int(time.time()) + expires_in if expires_in > 0 else None
    job = None if until is None else outbox(UnmuteAccount(by.id, account_id, until), due_in=expires_in)

    def mute(meeting: Meeting) -> Relation:
        _, hides = accounts.find_with_hides(by.id)
        return mutes.add(meeting.pair, hides, notifications=notifications, until=until, job=job)

    return change(account_id, by, mute)


def add_met(meeting: Meeting, by: Viewer, *, notifications: bool, until: int | None) -> Standing:
    """As `add`, when the two have met, until a moment (in seconds), or for good.

    Without `notifications` they are shown, even if they were muted before.
    """
    other = meeting.account.id
    known = [by.hides]

    def mute(met: Meeting) -> Relation:
        hides = known.pop() if known else accounts.find_with_hides(by.id)[1]
        job = None if until is None else outbox(UnmuteAccount(by.id, other, until), due_in=until - time.time())
        return mutes.add(met.pair, hides, notifications=notifications, until=until, job=job, exactly=True)

    return change_met(meeting, by, mute)


def remove(account_id: str, by: Viewer) -> Standing:
    """Unmute an account. Harmless if it was not muted."""
    def unmute(meeting: Meeting) -> Relation:
        if not (meeting.pair.mine.mutes or meeting.pair.mine.mutes_notifications):
            return meeting.pair.mine
        _, hides = accounts.find_with_hides(by.id)
        return mutes.remove(meeting.pair, hides)

    return change(account_id, by, unmute)


def end(account_id: str, other: str, until: int) -> None:
    """End a mute that had an end, unless it was renewed meanwhile."""
    def unmute() -> None:
        meeting = meetings.meet(account_id, [other]).get(other)
        if meeting is not None and meeting.pair.mine.mutes_until == until:
            _, hides = accounts.find_with_hides(account_id)
            mutes.remove(meeting.pair, hides)

    retried(unmute)
