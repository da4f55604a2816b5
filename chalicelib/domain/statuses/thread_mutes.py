"""Muting a thread: it is not on timelines any more, and nothing in it notifies the account."""

from __future__ import annotations

import time

from ...queues.messages import outbox
from ...queues.statuses import UnmuteThread
from ...store.accounts import accounts
from ...store.statuses import thread_mutes
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import visibility
from ..refusals import BadRequest
from ..retrying import expect, retried_from
from ..viewer import Viewer


def add(status_id: str, by: Viewer, expires_in: int = 0) -> tuple[Status, Surroundings, Viewer]:
    """Mute the thread of a status, for good or for so many seconds. Answers also the viewer with the mute."""
    status, around = visibility.readable(status_id, by)
    retried_from(by, lambda viewer: _mute(viewer, status.thread, expires_in), lambda: _again(by))
    thread_mutes.quieten(by.id, status.thread)
    return status, around, _again(by)


def _mute(by: Viewer, thread: str, expires_in: int) -> None:
    if by.mutes_thread(thread):
        raise BadRequest("conversation is already muted")
    until = int(time.time()) + expires_in if expires_in > 0 else None
    job = None if until is None else outbox(UnmuteThread(by.id, thread, until), due_in=expires_in)
    if thread in by.hides.muted_threads:
        thread_mutes.renew(by.hides, thread, until, job)
    else:
        expect(thread_mutes.add(by.hides, thread, until, job))


def remove(status_id: str, by: Viewer) -> tuple[Status, Surroundings, Viewer]:
    """Unmute the thread of a status. Harmless if it was not muted."""
    status, around = visibility.readable(status_id, by)
    if status.thread in by.hides.muted_threads:
        thread_mutes.remove(by.id, status.thread)
        by = _again(by)
    return status, around, by


def end(account_id: str, thread: str, until: int) -> None:
    """End a mute that had an end, unless it was renewed meanwhile."""
    thread_mutes.remove(account_id, thread, only_if_ended_by=until)


def _again(by: Viewer) -> Viewer:
    _, hides = accounts.find_with_hides(by.id)
    return Viewer(by.account, hides, by.token, by.scopes)
