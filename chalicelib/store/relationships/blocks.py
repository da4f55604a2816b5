"""Blocks. One transaction writes a block and ends all that it ends: follows, requests, subscriptions."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from ..accounts.accounts import PROFILE, VIEWER_SET, Account, Part, ViewerSet
from ..dynamo.failures import Overtaken
from ..dynamo.keys import key
from ..dynamo.table import ConditionFailed, Writes, fetch, transaction, update
from ..jobs import Job
from ..notifications.notifications import Notification
from ..timelines.conversations import Participation
from .ends import set_end
from .follows import NO_INBOX
from .relations import Pair, Relation, write_pair
from .subscriptions import PREFIX

MOST_UNREAD = 200
MY_FOLLOW = {"follow": None, "follow_id": None, "following_id": None, "languages": None}
THEIR_FOLLOW = {"followed": None, "followed_id": None, "follower_id": None, "requester_id": None, **NO_INBOX}


@dataclass(frozen=True)
class NewBlock:
    """A block. `id`: by which the other's server hears of it. `until`: when it ends, in seconds. None: never.

    `ends_their_follow`: not only mine. `is_here`: who blocks is of this server, so it hides what they block.
    """

    ends_their_follow: bool
    id: str | None = None
    is_here: bool = True
    until: int | None = None


def add(pair: Pair, new: NewBlock, jobs: Sequence[Job], hides: ViewerSet | None = None) -> Relation:
    """Block the other: my follow and request end, theirs too if so set, and their subscription. Raises Overtaken.

    `hides`: my viewer set, if the block has an end.
    """
    is_here = new.is_here
    mine, theirs = pair.mine, pair.theirs
    ends_theirs = new.ends_their_follow or theirs.requested
    of_mine: dict[str, Any] = {"blocks": True, "blocked_id": mine.other, "block_id": new.id, **MY_FOLLOW,
                               "blocks_until": new.until,
                               "subscribes": None, "subscribed_by": None,
                               "retracting": (mine.follows and is_here) or mine.retracting or None}
    of_theirs: dict[str, Any] = {"blocked_by": True, "followed": None, "followed_id": None, "follower_id": None,
                                 "requester_id": None, "subscribed_by": None, "subscribes": None, **NO_INBOX}
    if ends_theirs:
        of_mine |= THEIR_FOLLOW
        of_theirs |= {**MY_FOLLOW, "retracting": theirs.follows or theirs.retracting or None}
    try:
        with transaction() as write:
            after = write_pair(write, pair, of_mine, of_theirs)
            hidden: list[Any] = [ViewerSet.blocked.add({mine.other})]
            if mine.follows:
                hidden.append(ViewerSet.gone.add({mine.other}))
            _uncount(write, pair, theirs_ends=ends_theirs)
            if is_here:
                _hide(write, mine, hidden, new.until, hides)
            if ends_theirs:
                _end_theirs(write, pair)
            for me, other, subscribed in ((mine.me, mine.other, mine.subscribes),
                                          (mine.other, mine.me, theirs.subscribes)):
                if subscribed:
                    write.delete(Part.stub(other, PREFIX + me))
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def _hide(write: Writes, mine: Relation, actions: Sequence[Any], until: int | None, hides: ViewerSet | None) -> None:
    """Change my viewer set, and if the block has an end, or had one, the end there too."""
    ending, condition = ([], None) if hides is None else set_end(
        ViewerSet.blocked_until, hides.blocked_until, str(mine.other), until)
    write.update(ViewerSet.stub(mine.me, VIEWER_SET), [*actions, *ending], condition)


def change_end(pair: Pair, until: int | None, hides: ViewerSet, jobs: Sequence[Job]) -> Relation:
    """Let my block last until another moment, or for good. Raises Overtaken."""
    try:
        with transaction() as write:
            after = write_pair(write, pair, {"blocks_until": until}, {})
            _hide(write, pair.mine, [], until, hides)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def _uncount(write: Writes, pair: Pair, *, theirs_ends: bool) -> None:
    """Move the counters of both accounts, each in one update. A row that counters leave out does not move them."""
    mine_ended, theirs_ended = pair.mine.follows, theirs_ends and pair.theirs.follows
    for row, following, followers in ((pair.mine, mine_ended, theirs_ended), (pair.theirs, theirs_ended, mine_ended)):
        actions: list[Any] = [count.add(-1) for count, ended in (
            (Account.following_count, following), (Account.followers_count, followers),
            (Account.foreign_followers_count, followers and row.other_inbox is not None)) if ended]
        if following:
            actions.append(Account.endorsed.delete({row.other}))
        if actions and not row.uncounted:
            write.update(Account.stub(row.me, PROFILE), actions, Account.id.exists())


def _end_theirs(write: Writes, pair: Pair) -> None:
    theirs = pair.theirs
    if theirs.follows:
        write.update(ViewerSet.stub(theirs.me, VIEWER_SET), [ViewerSet.gone.add({theirs.other})])
    if theirs.requested and pair.mine.follow_notification:
        write.delete(Notification.stub(theirs.other, pair.mine.follow_notification))


def remove(pair: Pair, jobs: Sequence[Job] = (), *, is_here: bool = True, hides: ViewerSet | None = None) -> Relation:
    """Unblock the other. What the block ended does not come back. `hides`: as in `add`. Raises Overtaken."""
    other = pair.mine.other
    try:
        with transaction() as write:
            after = write_pair(write, pair, {"blocks": None, "blocked_id": None, "block_id": None,
                                              "blocks_until": None},
                               {"blocked_by": None})
            if is_here:
                _hide(write, pair.mine, [ViewerSet.blocked.delete({other})], None, hides)
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def read_shared_conversations(me: str, others: Set[str]) -> None:
    """Mark my conversations with any of the others as read. Looks at the latest two hundred unread ones."""
    rows = Participation.by_unread.query(me, consistent_read=True, scan_index_forward=False, limit=MOST_UNREAD)
    found = fetch(strong=[key(Participation, me, row.id) for row in rows])
    for entry in found.all(Participation):
        if not others.isdisjoint(entry.participants or ()):
            update(Participation.stub(me, entry.id), [Participation.unread.remove()], Participation.account.exists())
