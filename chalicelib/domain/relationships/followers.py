"""Followers: whom one does not want as such any more, and which of them the viewer knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...ids import new_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.relationships import follow_requests, follows, relations
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from .. import events
from ..event_types.accounts import AccountUnfollowed, FollowRejected
from ..lookup import is_visible
from ..viewer import Viewer
from ..visibility import is_active
from .changing import change
from .standing import Standing

MOST_ASKED = 10
MOST_LOOKED_AT = 1_000
"""So many of those whom the viewer follows, and of the followers of each account, the newest accounts first."""
MOST_FAMILIAR = 40


def remove(account_id: str, *, by: Viewer) -> Standing:
    """End an account's follow of the viewer, or refuse its request. Another server is told. Harmless without any."""
    told: list[AccountUnfollowed | FollowRejected] = []

    def end(meeting: Meeting) -> Relation:
        pair, other = meeting.pair, meeting.account
        told.clear()
        if not (pair.theirs.follows or pair.theirs.requested):
            return pair.mine
        if other.host is not None:
            told.append(FollowRejected(by.id, other.id, new_flake(), other.host, pair.mine.followed_uri))
        elif pair.theirs.follows:
            told.append(AccountUnfollowed(other.id, by.id, new_flake()))
        ending = follows.remove_follower if pair.theirs.follows else follow_requests.reject
        return ending(pair, events.owed(*told))

    standing = change(account_id, by, end)
    events.tell(*told)
    return standing


@dataclass(frozen=True)
class Familiar:
    """Who follows the account `id`, of those whom the viewer follows."""

    id: str
    accounts: Sequence[Account]


def list_familiar(account_ids: Sequence[str], *, viewer: Viewer) -> list[Familiar]:
    """For each account, in the order asked, those of its followers whom the viewer follows, newest account first.

    Accounts that are not known, or hide their followers, have none. A query for each account, all at the same time.
    """
    wanted = list(dict.fromkeys(account_ids))[:MOST_ASKED]
    if not wanted:
        return []
    known, mine, *theirs = together(
        lambda: accounts.find_many(wanted), lambda: _newest(viewer.id, followers=False),
        *[lambda id=id: _newest(id, followers=True) for id in wanted])
    followed = set(mine)
    found = {id: [each for each in ids if each in followed][:MOST_FAMILIAR] if _shows(known.get(id), viewer) else []
             for id, ids in zip(wanted, theirs, strict=True)}
    people = accounts.find_many({each for ids in found.values() for each in ids})
    return [Familiar(id, [people[each] for each in ids if each in people and _may_be_named(people[each])])
            for id, ids in found.items() if id in known]


def _newest(account_id: str, *, followers: bool) -> list[str]:
    return relations.listed(account_id, followers=followers, above=None, below=None, ascending=False,
                            limit=MOST_LOOKED_AT)


def _shows(account: Account | None, viewer: Viewer) -> bool:
    """Whether it lets others see who follows it."""
    return account is not None and is_visible(account, viewer) and (
        account.id == viewer.id or not account.profile.get("hide_followers"))


def _may_be_named(account: Account) -> bool:
    return is_active(account) and not account.profile.get("hide_follows")
