"""Blocks: ending all that ties two accounts, and not hearing of the other any more."""

from __future__ import annotations

from ...ids import new_flake
from ...queues.messages import HomeSync, outbox
from ...settings import settings
from ...store.jobs import Job
from ...store.relationships import blocks
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ...store.timelines import home_sync
from ..refusals import Forbidden
from ..viewer import Viewer
from .changing import change
from .following import RETRACTED_AFTER, Standing


def add(account_id: str, by: Viewer) -> Standing:
    """Block an account; again changes nothing. It is not told, and may find out."""
    if account_id == by.id:
        raise Forbidden("Can not block yourself")
    standing = change(account_id, by, lambda meeting: _block(meeting, by))
    blocks.read_shared_conversations(by.id, account_id)
    return standing


def _block(meeting: Meeting, by: Viewer) -> Relation:
    pair = meeting.pair
    if pair.mine.blocks:
        return pair.mine
    jobs = [_retraction(by.id, meeting.account.id)] if pair.mine.follows else []
    if settings.unfollow_blocked and pair.theirs.follows:
        jobs.append(_retraction(meeting.account.id, by.id))
    return blocks.add(pair, ends_their_follow=settings.unfollow_blocked, jobs=jobs)


def _retraction(owner: str, other: str) -> Job:
    """What a follow brought is hidden at once and deleted by this job."""
    return outbox(HomeSync(owner, other, new_flake(), home_sync.DEEP), due_in=RETRACTED_AFTER)


def remove(account_id: str, by: Viewer) -> Standing:
    """Unblock an account; what the block ended does not come back."""
    return change(account_id, by, _unblock)


def _unblock(meeting: Meeting) -> Relation:
    if not meeting.pair.mine.blocks:
        raise Forbidden("not_blocking")
    return blocks.remove(meeting.pair)
