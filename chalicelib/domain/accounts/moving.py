"""Moving: an account goes on as another one, here or elsewhere. Its followers follow the other one from then on.

Both have to agree: the other account names this one among its *aliases* (`also_known_as`), and this one says that it
moves. Each server does that for its own people, by a job that takes fifty followers a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from ...ids import new_flake
from ...queues import queue
from ...settings import settings
from ...store import jobs
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.accounts.profiles import AccountGone, Writing
from ...store.federation import naming
from ...store.relationships import meetings, relations, subscriptions
from ...store.relationships.follows import Terms
from ...store.statuses import addressing
from ...store.statuses.addressing import Addressee
from .. import events
from ..event_types.accounts import AccountMoved
from ..event_types.event import Event
from ..federation import addresses
from ..notifications import making
from ..refusals import Declined, Forbidden, NotFound, Refusal
from ..relationships import following
from ..relationships.domain_blocks import blocks_domain
from ..viewer import Viewer
from ..visibility import is_active
from . import profiles
from .changing import change

FOLLOWERS_A_STEP = 50
PAUSE = 7 * 86_400
"""Seconds after which an account may move again."""
MOST_ALIASES = 256
NO_ACCOUNT = "Target account does not exist."
NO_ALIAS = "Account has no such alias."
NO_TARGET = "Target account not found."
NOT_NAMED = "Target account must have the origin in `alsoKnownAs`"
HAS_MOVED = "Target account has moved itself."
TOO_SOON = "An account can move once in seven days."
SIGNED_OUT = "Invalid credentials."


class Unmovable(Exception):
    """An account cannot go on as this other one. The text says why."""


# Aliases.


def list_aliases(account: Account) -> list[str]:
    """The names of the account's aliases, each with its host. Those that are not known here have none."""
    uris = list(account.profile.get("also_known_as") or ())
    claims = naming.find_claims(uri for uri in uris if addresses.is_foreign(uri))
    known = accounts.find_many(claim.id for claim in claims.values())
    names = {uri: known[claim.id].acct for uri, claim in claims.items() if claim.id in known}
    own = {uri: nickname for uri in uris if (nickname := addresses.account_in(uri)) is not None}
    there = accounts.find_by_nicknames(own.values())[0] if own else {}
    names |= {uri: f"{there[nickname.casefold()].nickname}@{settings.host}" for uri, nickname in own.items()
              if nickname.casefold() in there}
    return [names[uri] for uri in uris if uri in names]


def add_alias(viewer: Viewer, name: str) -> None:
    """Name another account as the viewer's. It may be of a server that is not known yet. Raises NotFound."""
    alias = _named(name, viewer, NO_ACCOUNT)
    _change_aliases(viewer, lambda uris: uris if alias.uri in uris else [*uris, alias.uri][-MOST_ALIASES:])


def remove_alias(viewer: Viewer, name: str) -> None:
    """Raises NotFound if nobody is called so, or the viewer does not name that account."""
    alias = _named(name, viewer, NO_ACCOUNT)

    def without(uris: list[str]) -> list[str]:
        if alias.uri not in uris:
            raise NotFound(NO_ALIAS)
        return [each for each in uris if each != alias.uri]

    _change_aliases(viewer, without)


def _change_aliases(viewer: Viewer, changed: Callable[[list[str]], list[str]]) -> None:
    def decide(account: Account, _: dict[str, Any]) -> Writing:
        before = list(account.profile.get("also_known_as") or ())
        after = changed(before)
        if after == before:
            return Writing()
        return profiles.rewritten(account, {"also_known_as": after or None})

    try:
        change(viewer.account, decide)
    except AccountGone:
        raise Forbidden(SIGNED_OUT) from None


def _named(name: str, viewer: Viewer, unknown: str) -> Account:
    """The account that is called so, here or elsewhere. One that is not known is looked for. Raises NotFound."""
    from ..federation import resolving  # most requests have nothing to do with other servers

    nickname = following.local_nickname(name.strip().removeprefix("@"))
    account = accounts.find_by_nickname(nickname) if nickname else resolving.account_named(name, viewer)
    if account is None or not is_active(account):
        raise NotFound(unknown)
    return account


# Moving.


def begin(viewer: Viewer, name: str | None) -> None:
    """Move the viewer's account to another one. Raises Declined, and NotFound if nobody is called so."""
    target = _fresh(_named(name or "", viewer, NO_TARGET))
    try:
        demand_agreement(viewer.account, target)
        move(viewer.account, target)
    except Unmovable as fault:
        raise Declined(str(fault)) from None
    except AccountGone:
        raise Forbidden(SIGNED_OUT) from None


def _fresh(target: Account) -> Account:
    """The target as its own server shows it now, since it may have named this account just before. Raises NotFound."""
    from ..federation import resolving  # as above
    from ..federation.fetching import NotFetched
    from ..federation.reading.values import Unreadable

    if target.foreign_uri is None:
        return target
    try:
        return resolving.renewed(target.foreign_uri)
    except (NotFetched, Unreadable):
        raise NotFound(NO_TARGET) from None


def demand_agreement(account: Account, target: Account) -> None:
    """Raises Unmovable if the target does not name this account as its own, or has moved itself."""
    if target.id == account.id or account.uri not in (target.profile.get("also_known_as") or ()):
        raise Unmovable(NOT_NAMED)
    if target.profile.get("moved_to") or target.profile.get("moved"):
        raise Unmovable(HAS_MOVED)


def move(account: Account, target: Account, *, takes_followers: bool = True) -> None:
    """Note where an account has gone, and let its followers here go there. A second time only asks for that again.

    `takes_followers`: else it is only shown. Raises Unmovable if it has moved lately, and AccountGone.
    """
    happened: list[Event] = []

    def decide(known: Account, _: dict[str, Any]) -> Writing:
        happened.clear()
        before = known.profile.get("moved") or {}
        is_told = before.get("id") == target.id and (before.get("cause") or not takes_followers)
        cause = (before.get("cause") if is_told else new_flake()) if takes_followers else None
        if cause is not None:
            happened.append(AccountMoved(known.id, target.id, cause, target.uri, known.host is None))
        if is_told:
            return Writing()
        said: dict[str, Any] = {"moved": {"id": target.id, "uri": target.uri, "cause": cause}}
        if takes_followers:
            if time.time() - known.profile.get("moved_at", 0) < PAUSE:
                raise Unmovable(TOO_SOON)
            said["moved_at"] = int(time.time())
        return profiles.rewritten(known, said, happened)

    change(account, decide)
    events.tell(*happened)


def move_followers(account_id: str, target_id: str, cause: str, job: str) -> int | None:
    """Let fifty followers of an account follow its new one instead. The row of the job holds whom to go on after.

    `cause`: what their notifications are of. Answers how many were moved; None if there is nobody left. What a run has
    done before is not done again.
    """
    cursor = jobs.find_cursor(job)
    known = accounts.find_many([account_id, target_id], strong=True)
    old, new = known.get(account_id), known.get(target_id)
    if old is None or new is None or not is_active(new):
        return None
    ids, after = relations.follower_ids(old.id, after=cursor, limit=FOLLOWERS_A_STEP)
    people = list(addressing.people(ids, old.id).by_id.values())
    _tell(people, old, new, cause)
    moved = sum(_take_along(person, old, new) for person in people)
    if after is None or not jobs.save_cursor(job, after):
        return None
    queue.note("followers moved", moved=moved, account_id=old.id)
    return moved


def _tell(people: Sequence[Addressee], old: Account, new: Account, cause: str) -> None:
    notices = [notice for person in people
               if (notice := making.notice("move", person, by=old, cause=cause)) is not None]
    for notice in notices:
        notice.target = new.id
    subscriptions.tell(notices)
    events.tell(*events.told(notices))


def _take_along(person: Addressee, old: Account, new: Account) -> bool:
    """Follow the new account as the old one was followed, and then not the old one. False if that may not be."""
    by, was = Viewer(person.account, person.hides), person.relation
    if not person.account.profile.get("allow_following_move", True) or by.blocks(new.id) or blocks_domain(by, new):
        return False
    try:
        if by.id != new.id:
            met = meetings.meet(by.id, [new.id])[new.id]
            terms = Terms(was.follows_reblogs, bool(was.subscribes) or None, was.languages, bool(was.notifies))
            following.follow_met(met, terms, by=by, deepen=False)
        following.unfollow(old.id, by=by)
    except Refusal:
        return False
    return True
