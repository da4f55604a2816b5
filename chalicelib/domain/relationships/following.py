"""Following and unfollowing, and what follows from both.

Two accounts *meet*: they are read together before something changes between them. If another request changes them
first, they are read again and the rules are checked again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from ...ids import is_flake, milliseconds, new_flake
from ...settings import settings
from ...store import jobs
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.keys import Key
from ...store.dynamo.parallel import together
from ...store.dynamo.stretches import Stretch, end_of
from ...store.federation import received
from ...store.relationships import follows, meetings, relations
from ...store.relationships.follows import USUAL, NewFollow, Terms
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ...store.timelines import home_sync
from .. import events, policies
from ..event_types.accounts import AccountFollowed, AccountUnfollowed, FollowRequested
from ..federation import addresses
from ..lookup import LONGEST_NAME, get_visible
from ..notifications import making
from ..pages import fill
from ..paging import Cursors, Window, window
from ..refusals import BadRequest, Forbidden, NotFound
from ..retrying import expect, retried, retried_from
from ..viewer import Viewer
from ..visibility import is_active
from .domain_blocks import blocks_domain
from .standing import Standing

NOT_FOLLOWING = "Not subscribed!"
ANSWERED_WITHIN = 3_600
"""Seconds. Whoever asks another server once more after that has it sent once more: perhaps the first time was lost."""
SHOWING_REBLOGS = Terms(reblogs=True)


def ahead(viewer_id: str, *, id: str, **_: str) -> list[Key]:
    """What a request that changes a relationship reads first."""
    return meetings.keys(viewer_id, id) if is_flake(id) and id != viewer_id else []


def _meet(account_id: str, by: Viewer) -> Meeting:
    met = meetings.meet(by.id, [account_id]).get(account_id)
    if met is None:
        raise NotFound
    return met


# Following.


def terms_of(*, reblogs: bool = True, notify: bool | None = None, languages: Sequence[str] | None = None) -> Terms:
    """How an account is to be followed. None: as before. `notify`: tell of each new status."""
    return Terms(reblogs, notify, languages)


def follow(account_id: str, terms: Terms = SHOWING_REBLOGS, *, by: Viewer) -> Standing:
    """Follow an account, or ask a locked one. A repeat only changes the terms."""
    if account_id == by.id:
        raise BadRequest("Can not follow yourself")
    return follow_met(_meet(account_id, by), terms, by=by)


def follow_from_afar(account_id: str, uri: str, *, by: Viewer) -> Standing:
    """Let an account of another server follow one here, or ask to. `uri`: what that server calls the follow.

    A repeat gives it the new name. Whoever calls this tells the other server if the follow has begun. Raises Forbidden
    and NotFound.
    """
    return retried(lambda: _follow_from_afar(_meet(account_id, by), uri, by))


def _follow_from_afar(met: Meeting, uri: str, by: Viewer) -> Standing:
    _demand_welcome(met)
    if blocks_domain(Viewer(met.account, met.hides), by.account):
        raise Forbidden("rejected")
    policies.demand_follow(met.account, by.account)
    mine, other = met.pair.mine, met.account
    new = NewFollow(new_flake(), not _is_asked(met), USUAL, by.account.shared_inbox or by.account.inbox, uri)
    if is_following_or_asking(met):
        if met.pair.theirs.followed_uri != uri:
            follows.rename(met.pair, new)
        return Standing(other, mine)
    told = making.notice("follow" if new.accepted else "follow_request", met.addressee, by=by.account, cause=new.id)
    event = _began(new, other, by, deepen=False)
    relation = follows.follow(met.pair, new, notice=told, jobs=events.owed(event))
    events.tell(event, *events.told([told]))
    return Standing(other, relation)


def _began(new: NewFollow, other: Account, by: Viewer, *, deepen: bool) -> AccountFollowed | FollowRequested:
    if new.accepted:
        return AccountFollowed(by.id, other.id, new.id, deepen, by.account.host, other.host,
                               is_answered=by.account.host is not None)
    return FollowRequested(by.id, other.id, new.id, by.account.host, other.host)


def follow_met(meeting: Meeting, terms: Terms = USUAL, *, by: Viewer, deepen: bool = True) -> Standing:
    """As `follow`, when the two have met. Without `deepen` the home timeline gets the newest twenty statuses only."""
    def attempt(met: Meeting) -> Standing:
        if is_following_or_asking(met):
            _ask_again(met, by)
            return Standing(met.account, _agree(met, terms))
        _demand_welcome(met)
        policies.demand_follow(met.account, by.account)
        return Standing(met.account, _begin(met, by, terms, deepen))

    return retried_from(meeting, attempt, lambda: _meet(meeting.account.id, by))


def _ask_again(meeting: Meeting, by: Viewer) -> None:
    """Send a request to another server once more, as the same one, if there is no answer for long."""
    mine, other = meeting.pair.mine, meeting.account
    if mine.follows or other.host is None or not mine.follow_id:
        return
    if milliseconds(mine.follow_id) / 1000 < time.time() - ANSWERED_WITHIN:
        again = FollowRequested(by.id, other.id, mine.follow_id, by.account.host, other.host)
        jobs.add(events.owed(again))
        events.tell(again)


def is_following_or_asking(meeting: Meeting) -> bool:
    """Whether there is nothing to begin. A request does not count if nobody need be asked any more: then follow."""
    mine = meeting.pair.mine
    return mine.follows or (mine.requested and _is_asked(meeting))


def _is_asked(meeting: Meeting) -> bool:
    """Whether a follow is a request at first. One of another server answers later, even if it is not locked.

    A locked account may let those whom it follows follow back without asking.
    """
    other = meeting.account
    follows_back = meeting.pair.theirs.follows and other.profile.get("permit_followback")
    return other.host is not None or (bool(other.locked) and not follows_back)


def _demand_welcome(meeting: Meeting) -> None:
    if _is_shut_out(meeting) or meeting.account.deactivated:
        raise Forbidden("rejected")


def _is_shut_out(meeting: Meeting) -> bool:
    return settings.deny_follow_blocked and bool(meeting.pair.mine.blocked_by)


def _agree(meeting: Meeting, terms: Terms) -> Relation:
    """Let the terms be those of a follow or request that is there already."""
    if terms.subscribes and _is_shut_out(meeting):
        terms = replace(terms, subscribes=None)
    return follows.change(meeting.pair, terms) if terms.differ(meeting.pair.mine) else meeting.pair.mine


def _begin(meeting: Meeting, by: Viewer, terms: Terms, deepen: bool) -> Relation:
    """Write the follow. Meanwhile read the newest statuses, then bring them to the home timeline.

    A job brings older statuses, and reblogs. Raises Overtaken.
    """
    other, new = meeting.account.id, new_follow(meeting, by.id, terms)
    accepted = new.accepted
    told = making.notice("follow" if accepted else "follow_request", meeting.addressee, by=by.account, cause=new.id)
    event = _began(new, meeting.account, by, deepen=deepen)

    def write() -> Relation:
        return follows.follow(meeting.pair, new, notice=told, jobs=events.owed(event))

    relation: Relation
    if not accepted:
        relation = write()
        events.tell(event, *events.told([told]))
        return relation
    relation, *found = together(write, *home_sync.readings(other, home_sync.AT_ONCE, reblogs=not deepen))
    newest = home_sync.newest_in(found, home_sync.AT_ONCE)
    together(lambda: home_sync.bring(newest, by.id), lambda: events.tell(event, *events.told([told])))
    return relation


def new_follow(meeting: Meeting, by: str, terms: Terms) -> NewFollow:
    """The follow, or the request, of an account here, by its id."""
    id, other = new_flake(), meeting.account
    claim = received.follow_claim(addresses.of_activity(id), id, by, other.id) if other.host is not None else None
    return NewFollow(id, not _is_asked(meeting), terms, claim=claim)


def bring_newest(account_id: str, *, by: Viewer) -> None:
    """Bring the newest statuses of a followed account once more, because it is not known whether they came."""
    home_sync.bring(home_sync.newest(account_id, home_sync.AT_ONCE), by.id)


def follow_named(name: str, *, by: Viewer) -> Standing:
    """Follow the account of this name, in any of the forms of `local_nickname`, or `nick@host` of another server."""
    from ..federation import resolving  # most follows are by id

    nickname = local_nickname(name)
    account = accounts.find_by_nickname(nickname) if nickname else resolving.account_named(name, by)
    if account is None:
        raise NotFound
    return follow(account.id, by=by)


def local_nickname(name: str) -> str | None:
    """The nickname, case-folded, if it is of an account here. Forms: `nick`, `nick@host`, the profile's address."""
    if name.lower().startswith(("http://", "https://")):
        name = name_in_address(name)
    nickname, at, host = name.partition("@")
    is_here = not at or host.casefold() in (settings.host.casefold(), settings.hostname.casefold())
    return nickname.casefold() if is_here and 0 < len(nickname) <= LONGEST_NAME else None


def name_in_address(address: str) -> str:
    """`nick@host` of a profile's address: `…/users/nick` or `…/@nick`. Empty if it is another address.

    A server shows profiles of other servers as `…/@nick@host`.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    folder, _, name = unquote(parts.path).rstrip("/").rpartition("/")
    if folder != "/users" and not (folder == "" and name.startswith("@")):
        return ""
    name = name.removeprefix("@")
    return name if "@" in name else f"{name}@{parts.netloc}"


def unfollow(account_id: str, *, by: Viewer) -> Standing:
    """End a follow, or take back a request to follow. A subscription ends with it."""
    if account_id == by.id:
        raise BadRequest("Can not unfollow yourself")
    return retried(lambda: _unfollow(_meet(account_id, by), by))


def end_from_afar(account_id: str, *, by: Viewer) -> Standing:
    """End a follow of an account elsewhere, whose server does not want it any more. Raises NotFound."""
    return retried(lambda: _end_from_afar(_meet(account_id, by), by))


def _end_from_afar(meeting: Meeting, by: Viewer) -> Standing:
    mine = meeting.pair.mine
    if not (mine.follows or mine.requested):
        raise NotFound
    event = AccountUnfollowed(by.id, meeting.account.id, new_flake(), was_request=not mine.follows)
    relation = follows.unfollow(meeting.pair, events.owed(event))
    events.tell(event)
    return Standing(meeting.account, relation)


def _unfollow(meeting: Meeting, by: Viewer) -> Standing:
    if not (meeting.pair.mine.follows or meeting.pair.mine.requested):
        raise BadRequest(NOT_FOLLOWING)
    mine, other = meeting.pair.mine, meeting.account
    event = AccountUnfollowed(by.id, other.id, new_flake(), by.account.host, other.host, mine.follow_id,
                              was_request=not mine.follows)
    relation = follows.unfollow(meeting.pair, events.owed(event))
    events.tell(event)
    return Standing(meeting.account, relation)


def agree_home(owner_id: str, other_id: str, depth: int) -> int:
    """Make a home timeline agree with whether its owner follows the other account now.

    Follows and unfollows may come in any order. The work counts as done only if the pair is still as it was read, so
    the last run leaves the timeline right.
    """
    return retried(lambda: _agree_home(owner_id, other_id, depth))


def _agree_home(owner_id: str, other_id: str, depth: int) -> int:
    relation = relations.find(owner_id, other_id)
    if relation.follows:
        rows = home_sync.newest(other_id, depth)
        home_sync.bring(rows, owner_id)
        count = len(rows)
    else:
        count = home_sync.take_away(other_id, owner_id)
    expect(follows.settle(relation))
    return count


# Who follows whom.


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts, newest first. `continues`: the id to read on from, if the page is short before the end."""

    accounts: list[Account] = field(default_factory=list)
    continues: str | None = None


def list_followers(account_id: str, page: Cursors, *, viewer: Viewer | None) -> AccountPage:
    """Who follows the account. Empty if the owner shows that to nobody else."""
    return _listed(account_id, page, viewer, followers=True)


def list_following(account_id: str, page: Cursors, *, viewer: Viewer | None) -> AccountPage:
    """Whom the account follows. Empty if the owner shows that to nobody else."""
    return _listed(account_id, page, viewer, followers=False)


def _listed(account_id: str, page: Cursors, viewer: Viewer | None, *, followers: bool) -> AccountPage:
    part = window(page)

    def ids_in(left: Window) -> list[str]:
        return [] if left.empty else relations.listed(account_id, followers=followers, above=left.above,
                                                      below=left.below, ascending=left.ascending, limit=left.limit)

    owner, first = together(
        lambda: get_visible(account_id, viewer, nickname_ok=False, unknown=NotFound.default),
        lambda: ids_in(part),
    )
    is_own = viewer is not None and viewer.id == owner.id
    if owner.profile.get("hide_followers" if followers else "hide_follows") and not is_own:
        return AccountPage()

    def read(left: Window, turn: int) -> Stretch[str]:
        ids = ids_in(left) if turn else first
        return Stretch(ids, end_of(ids, left.limit, str))

    def show(ids: Sequence[str]) -> list[Account]:
        known = accounts.find_many(ids)
        return [known[id] for id in ids if id in known and is_active(known[id])]

    found = fill(part, read, show)
    return AccountPage(found.shown, found.continues)
