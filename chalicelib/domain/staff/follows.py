"""Follows that administrators make and end in the name of others.

Whatever cannot be done is passed over in silence, as in the reference. It is in the log all the same, unless one of the
two accounts is unknown. Nobody can make an account of another server follow: that is for its own server to say.
"""

from __future__ import annotations

from collections.abc import Callable

from ...ids import new_flake
from ...settings import settings
from ...store.accounts.accounts import Account
from ...store.relationships import follow_requests, follows, meetings
from ...store.relationships.follows import USUAL, NewFollow
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Pair
from ...store.staff import asking
from ...store.staff.log import LoggedAct
from ...store.timelines import home_sync
from .. import events, lookup
from ..event_types.accounts import AccountFollowed, AccountUnfollowed, FollowRejected, FollowRequested
from ..event_types.event import Event
from ..relationships import following
from ..retrying import retried
from ..visibility import is_active
from . import log
from .acting import Administrator


def follow(follower: str, followed: str, admin: Administrator) -> None:
    """Let an account follow another at once, even a locked one. One of another server is asked. Nobody is notified.

    Tags that forbid follows do not count here: they are an administrator's own.
    """
    by, other = lookup.find_every([follower, followed])
    if by is not None and other is not None:
        entry = log.followed(admin, by, other)
        retried(lambda: _between(by, other, entry, _follow))


def unfollow(follower: str, followed: str, admin: Administrator) -> None:
    """End a follow, or a request for one."""
    by, other = lookup.find_every([follower, followed])
    if by is not None and other is not None:
        entry = log.unfollowed(admin, by, other)
        retried(lambda: _between(by, other, entry, _unfollow))


Change = Callable[[Account, Meeting, LoggedAct], bool]
"""Changes how the account stands to whom it meets, and logs it. False: there is nothing to change."""


def _between(by: Account, other: Account, entry: LoggedAct, change: Change) -> None:
    """Change how two accounts stand to each other. If there is nothing to change, only the entry is written."""
    met = meetings.meet(by.id, [other.id]).get(other.id)
    if met is None or not change(by, met, entry):
        asking.ask([], entry)


def _follow(by: Account, met: Meeting, entry: LoggedAct) -> bool:
    mine, other = met.pair.mine, met.account
    if mine.follows or not (is_active(by) and is_active(other)):
        return False
    if settings.deny_follow_blocked and mine.blocked_by:
        return False
    if other.host is not None or (by.host is not None and not mine.requested):
        return other.host is not None and by.host is None and _ask_elsewhere(by, met, entry)
    event = AccountFollowed(by.id, other.id, new_flake(), host=by.host)
    if mine.requested:
        follow_requests.authorize(Pair(met.pair.theirs, mine), events.owed(event), entry)
    else:
        new = NewFollow(event.change_id, accepted=True, terms=USUAL)
        follows.follow(met.pair, new, notice=None, jobs=events.owed(event), entry=entry)
    if by.host is None:
        home_sync.bring(home_sync.newest(other.id, home_sync.AT_ONCE), by.id)
    events.tell(event)
    return True


def _ask_elsewhere(by: Account, met: Meeting, entry: LoggedAct) -> bool:
    """Ask an account of another server in the name of one here. Only that server can let them follow."""
    if met.pair.mine.requested:
        return False
    new = following.new_follow(met, by.id, USUAL)
    event = FollowRequested(by.id, met.account.id, new.id, other_host=met.account.host)
    follows.follow(met.pair, new, notice=None, jobs=events.owed(event), entry=entry)
    events.tell(event)
    return True


def _unfollow(by: Account, met: Meeting, entry: LoggedAct) -> bool:
    """Servers of others are told: by an Undo of one's own follow, or by a Reject of theirs."""
    mine, other = met.pair.mine, met.account
    if not (mine.follows or mine.requested):
        return False
    happened: list[Event] = [AccountUnfollowed(by.id, other.id, new_flake(), by.host, other.host, mine.follow_id,
                                               was_request=not mine.follows)]
    if by.host is not None:
        happened.append(FollowRejected(other.id, by.id, new_flake(), by.host, met.pair.theirs.followed_uri))
    follows.unfollow(met.pair, events.owed(*happened), entry)
    events.tell(*happened)
    return True
