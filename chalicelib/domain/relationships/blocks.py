"""Blocks: they end all ties between two accounts, and hide each from the other. Other servers are told of them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from ...ids import new_flake
from ...queues.accounts import UnblockAccount
from ...queues.messages import outbox
from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import ViewerSet
from ...store.relationships import blocks
from ...store.relationships.blocks import NewBlock
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from .. import events
from ..event_types.accounts import AccountBlocked, AccountUnblocked, AccountUnfollowed, FollowRejected
from ..event_types.event import Event
from ..refusals import Forbidden, NotFound
from ..viewer import Viewer
from .changing import change, change_met
from .standing import Standing


def add(account_id: str, by: Viewer, *, duration: int = 0) -> Standing:
    """Block an account, for so many seconds, or (0) for good. A second time only changes how long. It is not told."""
    if account_id == by.id:
        raise Forbidden("Can not block yourself")
    until = int(time.time()) + duration if duration > 0 else None
    standing = change(account_id, by, lambda meeting: _block(meeting, by, until))
    if by.account.host is None:
        read_shared_conversations([account_id], by)
    return standing


def add_met(meeting: Meeting, by: Viewer) -> Standing:
    """As `add`, when the two have met. Whoever calls this calls `read_shared_conversations` afterwards."""
    return change_met(meeting, by, lambda met: _block(met, by))


def read_shared_conversations(account_ids: Iterable[str], by: Viewer) -> None:
    """Mark the conversations with accounts that are blocked now as read."""
    blocks.read_shared_conversations(by.id, frozenset(account_ids))


def _block(meeting: Meeting, by: Viewer, until: int | None = None) -> Relation:
    pair = meeting.pair
    if pair.mine.blocks and until == (pair.mine.blocks_until or None):
        return pair.mine
    ends = [] if until is None else [outbox(UnblockAccount(by.id, meeting.account.id, until),
                                            due_in=until - time.time())]
    hides = _hides(pair.mine, by, until)
    if pair.mine.blocks:
        return blocks.change_end(pair, until, hides or by.hides, ends)
    told = settings.outgoing_blocks and by.account.host is None and meeting.account.host is not None
    id = new_flake() if told else None
    happened: list[Event] = [*_ended(meeting, by)]
    if id is not None:
        happened.append(AccountBlocked(by.id, meeting.account.id, id))
    new = NewBlock(settings.unfollow_blocked, id, by.account.host is None, until)
    relation = blocks.add(pair, new, [*events.owed(*happened), *ends], hides)
    events.tell(*happened)
    return relation


def _hides(mine: Relation, by: Viewer, until: int | None = None) -> ViewerSet | None:
    """The viewer set as it is now, if it holds an end of the block, or shall hold one."""
    return None if until is None and not mine.blocks_until else accounts.find_with_hides(by.id)[1]


def _ended(meeting: Meeting, by: Viewer) -> list[AccountUnfollowed | FollowRejected]:
    """What the block ends. Other servers are told of a request too, and that a follow from there is rejected."""
    pair, me, other = meeting.pair, by.account, meeting.account
    mine, theirs = pair.mine, pair.theirs
    ended: list[AccountUnfollowed | FollowRejected] = []
    if mine.follows or (mine.requested and other.host is not None):
        ended.append(AccountUnfollowed(me.id, other.id, new_flake(), me.host, other.host, mine.follow_id,
                                       was_request=not mine.follows))
    if (settings.unfollow_blocked and theirs.follows) or theirs.requested:
        if other.host is not None:
            ended.append(FollowRejected(me.id, other.id, new_flake(), other.host, mine.followed_uri))
        elif theirs.follows:
            ended.append(AccountUnfollowed(other.id, me.id, new_flake(), other.host, me.host))
    return ended


def remove(account_id: str, by: Viewer) -> Standing:
    """Unblock an account. What the block ended does not come back."""
    return change(account_id, by, lambda meeting: _unblock(meeting, by))


def _unblock(meeting: Meeting, by: Viewer) -> Relation:
    mine = meeting.pair.mine
    if not mine.blocks:
        raise Forbidden("not_blocking")
    happened = [AccountUnblocked(by.id, meeting.account.id, mine.block_id)] if mine.block_id is not None else []
    relation = blocks.remove(meeting.pair, events.owed(*happened), is_here=by.account.host is None,
                             hides=_hides(mine, by))
    events.tell(*happened)
    return relation


def end(account_id: str, other: str, until: int) -> None:
    """End a block that had an end, unless it was renewed meanwhile. Another server that was told of it hears of that.
    """
    account, hides = accounts.find_with_hides(account_id)
    if account is None or account.deleted:
        return
    by = Viewer(account, hides)

    def unblock(meeting: Meeting) -> Relation:
        mine = meeting.pair.mine
        return _unblock(meeting, by) if mine.blocks and mine.blocks_until == until else mine

    with suppress(NotFound):
        change(other, by, unblock)
