"""Blocks: they end all ties between two accounts, and hide each from the other. Other servers are told of them."""

from __future__ import annotations

from collections.abc import Iterable

from ...ids import new_flake
from ...settings import settings
from ...store.relationships import blocks
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from .. import events
from ..event_types.accounts import AccountBlocked, AccountUnblocked, AccountUnfollowed, FollowRejected
from ..event_types.event import Event
from ..refusals import Forbidden
from ..viewer import Viewer
from .changing import change, change_met
from .standing import Standing


def add(account_id: str, by: Viewer) -> Standing:
    """Block an account. A second time changes nothing. The account is not told."""
    if account_id == by.id:
        raise Forbidden("Can not block yourself")
    standing = change(account_id, by, lambda meeting: _block(meeting, by))
    if by.account.host is None:
        read_shared_conversations([account_id], by)
    return standing


def add_met(meeting: Meeting, by: Viewer) -> Standing:
    """As `add`, when the two have met. Whoever calls this calls `read_shared_conversations` afterwards."""
    return change_met(meeting, by, lambda met: _block(met, by))


def read_shared_conversations(account_ids: Iterable[str], by: Viewer) -> None:
    """Mark the conversations with accounts that are blocked now as read."""
    blocks.read_shared_conversations(by.id, frozenset(account_ids))


def _block(meeting: Meeting, by: Viewer) -> Relation:
    pair = meeting.pair
    if pair.mine.blocks:
        return pair.mine
    told = settings.outgoing_blocks and by.account.host is None and meeting.account.host is not None
    id = new_flake() if told else None
    happened: list[Event] = [*_ended(meeting, by)]
    if id is not None:
        happened.append(AccountBlocked(by.id, meeting.account.id, id))
    relation = blocks.add(pair, ends_their_follow=settings.unfollow_blocked, jobs=events.owed(*happened), id=id,
                          is_here=by.account.host is None)
    events.tell(*happened)
    return relation


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
    relation = blocks.remove(meeting.pair, events.owed(*happened), is_here=by.account.host is None)
    events.tell(*happened)
    return relation
