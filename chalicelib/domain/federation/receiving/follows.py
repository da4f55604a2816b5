"""Follows between servers: somebody elsewhere wants to follow, or answers a follow of ours."""

from __future__ import annotations

from contextlib import suppress

from ....ids import new_flake
from ....store import jobs
from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import accounts as claims
from ....store.federation import received
from ....store.relationships import relations
from ... import events
from ...event_types.accounts import FollowRejected
from ...refusals import BadRequest, Forbidden, NotFound
from ...relationships import follow_requests, following
from .. import addresses
from ..delivering import gathering
from ..delivering.activities import ACCEPT, Dispatch
from ..reading import values
from . import people
from .activity import Activity, Dropped


def follow(activity: Activity, by: Account) -> None:
    """Follow an account here, or ask a locked one. Whom the account does not want, it rejects."""
    wanted = people.local(activity.object_id)
    if wanted is None or wanted.deleted:
        raise Dropped("nobody here is meant")
    uri = activity.id or ""
    try:
        standing = following.follow_from_afar(wanted.id, uri, by=people.acting(by))
    except Forbidden:
        rejected = FollowRejected(wanted.id, by.id, new_flake(), by.host, uri)
        jobs.add(events.owed(rejected))
        events.tell(rejected)
        return
    if standing.relation.follows:
        _answer(wanted, by)
    received.claim(uri, claims.FOLLOW, by=by.id, on=wanted.id)


def _answer(followed: Account, by: Account) -> None:
    """Accept a follow. The message that brought it comes back until this is asked for, so no job row is needed."""
    answer = Dispatch(ACCEPT, followed.id, by.id, new_flake(), other_id=by.id)
    gathering.ask(answer, gathering.inboxes_of([by], personal=True))


def accept(activity: Activity, by: Account) -> None:
    """The follow that was asked for begins. A second time changes nothing."""
    follower = _follower(activity, by)
    try:
        follow_requests.authorize(follower.id, by=people.acting(by))
    except NotFound:
        if not relations.find(follower.id, by.id).follows:
            raise Dropped("no such request") from None


def reject(activity: Activity, by: Account) -> None:
    """A request, or a follow, ends. Whoever made it may ask again. Without any there is nothing to do."""
    with suppress(NotFound):
        following.end_from_afar(by.id, by=people.acting(_follower(activity, by)))


def _follower(activity: Activity, by: Account) -> Account:
    """The account here whose follow of this one is answered. Raises Dropped."""
    inner = activity.object
    flake = addresses.activity_in(activity.object_id or "")
    if inner is not None and inner.get("type", "Follow") != "Follow":
        raise Dropped("not about a follow")
    actor = values.id_of(inner.get("actor")) if inner is not None else None
    follower = people.local(actor) if actor is not None else _claimed(activity.object_id, by)
    if follower is None:
        raise Dropped("nobody here is meant")
    followed = values.id_of(inner.get("object")) if inner is not None else None
    if followed is not None and followed != by.foreign_uri:
        raise Dropped("about a follow of somebody else")
    if flake is not None and relations.find(follower.id, by.id).follow_id not in (flake, None):
        raise Dropped("about another follow")
    return follower


def _claimed(uri: str | None, by: Account) -> Account | None:
    """Who made the follow that is named by its address only."""
    claim = received.find_named([uri])[0].get(uri) if uri is not None else None
    if claim is None or claim.kind != claims.FOLLOW or claim.on != by.id:
        return None
    account = accounts.find(claim.by or "")
    return account if account is not None and account.host is None else None


def undo(uri: str | None, followed: Account, by: Account) -> bool:
    """End a follow, or a request, of somebody elsewhere. False if there is none."""
    try:
        following.unfollow(followed.id, by=people.acting(by))
    except (BadRequest, NotFound):
        return False
    if uri is not None:
        received.unclaim(uri, by.id)
    return True
