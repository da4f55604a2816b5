"""Follows: beginning, changing and ending them, each in one transaction with all that depends on it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..accounts.accounts import PROFILE, VIEWER_SET, Account, Part, ViewerSet
from ..accounts.claims import Claim
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, Writes, transaction
from ..jobs import Job
from ..notifications import notifications
from ..notifications.notifications import Notice, Notification
from ..staff import log
from ..staff.log import LoggedAct
from .relations import ACCEPTED, PENDING, Pair, Relation, find, version_is, write_pair


@dataclass(frozen=True)
class Terms:
    """How an account is followed. None: as before, and in a new follow as usual.

    `subscribes`: whether to hear of each new status. `notifies`: by notifications of type `status`, else `mention`.
    `languages`: those of its statuses that are wanted; empty: all.
    """

    reblogs: bool | None = None
    subscribes: bool | None = None
    languages: Sequence[str] | None = None
    notifies: bool = True

    def differ(self, mine: Relation) -> bool:
        """Whether they change anything of a follow."""
        return (
            (self.reblogs is not None and self.reblogs != mine.follows_reblogs)
            or (self.subscribes is not None and self.subscribes != bool(mine.subscribes))
            or (bool(self.subscribes) and self.notifies != bool(mine.notifies))
            or (self.languages is not None and list(self.languages) != (mine.languages or []))
        )


USUAL = Terms()
NO_INBOX = {"other_inbox": None, "followed_uri": None}
"""What ends with a follow from another server."""


@dataclass(frozen=True)
class NewFollow:
    """A follow, or if it is not accepted yet, a request to follow.

    `inbox`: where the follower gets what the other writes, if the follower is of another server. `uri`: what that
    server calls the follow.
    """

    id: str
    accepted: bool
    terms: Terms
    inbox: str | None = None
    uri: str | None = None
    claim: Claim | None = None
    """That of the uri by which another server hears of the follow. Its answer may name nothing else."""


def follow(pair: Pair, new: NewFollow, *, notice: Notice | None, jobs: Iterable[Job] = (),
           entry: LoggedAct | None = None) -> Relation:
    """Write a follow, or a request to follow, with counters, notification and `jobs`. Raises Overtaken.

    While the notification of an earlier follow exists, no second one is written. The first try assumes that it exists,
    and the transaction fails if it does not. `entry`: of an administrator who lets an account follow another.
    """
    earlier = int(pair.theirs.follow_notification) if notice is not None else 0
    while True:
        try:
            return _follow(pair, new, notice, earlier, [*jobs], entry)
        except ConditionFailed as failed:
            if failed.labels != {"told before"}:
                raise Overtaken from failed
            earlier = 0


def _follow(pair: Pair, new: NewFollow, notice: Notice | None, earlier: int, jobs: Iterable[Job],
            entry: LoggedAct | None) -> Relation:
    me, other, accepted = pair.mine.me, pair.mine.other, new.accepted
    state = ACCEPTED if accepted else PENDING
    reblogs = new.terms.reblogs is not False
    of_mine, of_theirs = _changes(replace(new.terms, reblogs=reblogs))
    mine = {"follow": state, "follow_id": new.id, "following_id": other if accepted else None, **of_mine,
            "retracting": None if accepted else pair.mine.retracting or None}
    theirs: dict[str, Any] = {"followed": state, "followed_id": new.id, "follower_id": me if accepted else None,
                              "requester_id": None if accepted else me, **of_theirs}
    if new.inbox is not None:
        theirs |= {"other_inbox": new.inbox, "followed_uri": new.uri}
    with transaction() as write:
        if earlier:
            _told_before(write, pair, accepted)
        elif notice is not None:
            row = notifications.row(notice)
            theirs["follow_notification"] = row.id
            write.put(row, notifications.new_or_same(notice.cause), label="notification")
            notifications.hold_back(write, notice)
        after = write_pair(write, pair, mine, theirs)
        for job in jobs:
            write.put(job)
        if new.claim is not None:
            write.put(new.claim)
        if accepted:
            count_follow(write, pair, 1, is_foreign=new.inbox is not None)
        else:
            write.update(Account.stub(other, PROFILE), [Account.was_asked.set(True)], _is_active(), label="account")
        _write_viewer_set(write, pair, reblogs, bool(new.terms.languages), retracts=False if accepted else None)
        _write_subscription(write, pair, new.terms.subscribes)
        if entry is not None:
            log.add(write, entry)
    return after


def _told_before(write: Writes, pair: Pair, accepted: bool) -> None:
    """Keep the earlier notification. If it was of a request that is now a follow, make it one of a follow."""
    earlier = Notification.stub(pair.mine.other, pair.theirs.follow_notification)
    there = Notification.ttl > int(time.time())
    if accepted and pair.mine.requested:
        write.update(earlier, notifications.becomes_follow(earlier), there, label="told before")
    else:
        write.check(earlier, there, label="told before")


def change(pair: Pair, terms: Terms) -> Relation:
    """Change how the other is followed. Raises Overtaken."""
    mine, theirs = _changes(terms)
    reblogs = pair.mine.follows_reblogs if terms.reblogs is None else terms.reblogs
    limited = bool(pair.mine.languages if terms.languages is None else terms.languages)
    try:
        with transaction() as write:
            after = write_pair(write, pair, mine, theirs)
            _write_viewer_set(write, pair, reblogs, limited, retracts=None)
            _write_subscription(write, pair, terms.subscribes)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def _changes(terms: Terms) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the terms say of my row, and of the other's."""
    mine: dict[str, Any] = {}
    if terms.reblogs is not None:
        mine["follows_reblogs"] = None if terms.reblogs else False
    if terms.languages is not None:
        mine["languages"] = list(terms.languages) or None
    if terms.subscribes is None:
        return mine, {}
    subscribes, notifies = terms.subscribes or None, (terms.subscribes and terms.notifies) or None
    return mine | {"subscribes": subscribes, "notifies": notifies}, {"subscribed_by": subscribes}


def unfollow(pair: Pair, jobs: Iterable[Job] = (), entry: LoggedAct | None = None) -> Relation:
    """End a follow, or the request for one, and a subscription. Raises Overtaken.

    `entry`: of an administrator who does it.

    The viewer set hides at once what the follow brought to the home timeline. `jobs` remove it later.
    """
    followed = pair.mine.follows
    mine = {"follow": None, "follow_id": None, "following_id": None, "languages": None, "subscribes": None,
            "retracting": followed or pair.mine.retracting or None}
    theirs = {"followed": None, "followed_id": None, "follower_id": None, "requester_id": None, "subscribed_by": None,
              **NO_INBOX}
    try:
        with transaction() as write:
            after = write_pair(write, pair, mine, theirs)
            for job in jobs:
                write.put(job)
            _write_viewer_set(write, pair, pair.mine.follows_reblogs, limited=False, retracts=followed or None)
            if followed:
                count_follow(write, pair, -1, is_foreign=pair.theirs.other_inbox is not None)
            elif pair.theirs.follow_notification and pair.theirs.other_inbox is not None:
                write.delete(Notification.stub(pair.mine.other, pair.theirs.follow_notification))
            if pair.mine.subscribes:
                write.delete(Part.stub(pair.mine.other, f"W#{pair.mine.me}"))
            if entry is not None:
                log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def remove_follower(pair: Pair, jobs: Iterable[Job] = ()) -> Relation:
    """End the other's follow of me, with their subscription. Raises Overtaken."""
    mine, theirs, is_foreign = pair.mine, pair.theirs, pair.mine.other_inbox is not None
    try:
        with transaction() as write:
            after = write_pair(
                write, pair,
                {"followed": None, "followed_id": None, "follower_id": None, "subscribed_by": None, **NO_INBOX},
                {"follow": None, "follow_id": None, "following_id": None, "languages": None, "subscribes": None,
                 "retracting": None if is_foreign else True})
            count_follow(write, Pair(theirs, mine), -1, is_foreign=is_foreign)
            if not is_foreign:
                _write_viewer_set(write, Pair(theirs, mine), theirs.follows_reblogs, limited=False, retracts=True)
            if theirs.subscribes:
                write.delete(Part.stub(mine.me, f"W#{mine.other}"))
            for job in jobs:
                write.put(job)
    except ConditionFailed as failed:
        raise Overtaken from failed
    return after


def settle(relation: Relation) -> bool:
    """Note that the home timeline agrees with the pair as read in `relation`. False when the pair has changed since."""
    if not relation.retracting:
        return bool(find(relation.me, relation.other).version == relation.version)
    try:
        with transaction() as write:
            write.update(Relation.stub(relation.me, relation.other), [Relation.retracting.remove()],
                         version_is(relation), label="pair")
            write.update(ViewerSet.stub(relation.me, VIEWER_SET), [ViewerSet.gone.delete({relation.other})])
    except ConditionFailed:
        return False
    return True


def rename(pair: Pair, new: NewFollow) -> None:
    """Note what the follower's server calls the follow now, and where it wants to hear of it. Raises Overtaken."""
    try:
        with transaction() as write:
            write_pair(write, pair, {}, {"other_inbox": new.inbox, "followed_uri": new.uri})
    except ConditionFailed as failed:
        raise Overtaken from failed


def count_follow(write: Writes, pair: Pair, by: int, *, is_foreign: bool = False) -> None:
    """Move both counters. While an account is deactivated, the other's counter leaves it out and does not move.

    Whom an account does not follow any more, it does not recommend.
    `is_foreign`: the follower is of another server.
    """
    me, other = Account.stub(pair.mine.me, PROFILE), Account.stub(pair.mine.other, PROFILE)
    there = _is_active() if by > 0 else Account.id.exists()
    if not pair.mine.uncounted:
        ended = [Account.endorsed.delete({pair.mine.other})] if by < 0 else []
        write.update(me, [Account.following_count.add(by), *ended], Account.id.exists(), label="account")
    if not pair.theirs.uncounted:
        foreign = [Account.foreign_followers_count.add(by)] if is_foreign else []
        write.update(other, [Account.followers_count.add(by), *foreign], there, label="account")


def _is_active() -> Any:
    return Account.id.exists() & (Account.deactivated.does_not_exist() | Account.deactivated.is_in(False))


def _write_viewer_set(write: Writes, pair: Pair, reblogs: bool, limited: bool, *, retracts: bool | None) -> None:
    """Bring my viewer set in step with my row. Writes nothing where nothing changes."""
    other, actions = {pair.mine.other}, []
    if reblogs != pair.mine.follows_reblogs:
        hidden = ViewerSet.reblogs_hidden
        actions.append(hidden.delete(other) if reblogs else hidden.add(other))
    if limited != bool(pair.mine.languages):
        actions.append(ViewerSet.limited.add(other) if limited else ViewerSet.limited.delete(other))
    if retracts is not None and retracts != pair.mine.retracting:
        actions.append(ViewerSet.gone.add(other) if retracts else ViewerSet.gone.delete(other))
    if actions:
        write.update(ViewerSet.stub(pair.mine.me, VIEWER_SET), actions)


def _write_subscription(write: Writes, pair: Pair, subscribes: bool | None) -> None:
    """Put or delete the row by which the other's subscribers are found, where my row changes."""
    if subscribes is None or subscribes == bool(pair.mine.subscribes):
        return
    row = Part(pair.mine.other, f"W#{pair.mine.me}")
    if subscribes:
        write.put(row)
    else:
        write.delete(row)
