"""Suggestions: whom the viewer might like to follow, from what this server knows.

Those come first whom administrators suggest to everybody, then those whom several people follow whom the viewer
follows, then those who have most followers of those who wrote last. Only who wants to be found is suggested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...store.accounts import accounts, listed
from ...store.accounts.accounts import LISTED, LISTED_FOREIGN, Account
from ...store.dynamo.parallel import together
from ...store.federation import presence
from ...store.relationships import meetings, private_marks, relations
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from ...store.staff import suggesting
from ..accounts.directory import may_be_found
from ..viewer import Viewer
from . import domain_blocks
from .changing import change

MOST = 80
FRIENDS = 8
"""So many of those whom the viewer follows are asked whom they follow, the newest accounts first."""
OF_A_FRIEND = 50
FOLLOWED = 1_000
CANDIDATES = 40
"""So many of each kind are loaded."""
FEATURED, OF_FRIENDS, POPULAR = "featured", "friends_of_friends", "most_followed"


@dataclass(frozen=True)
class Suggested:
    """Somebody, and why: `FEATURED`, `OF_FRIENDS` or `POPULAR`."""

    account: Account
    reasons: Sequence[str]


def list_for(viewer: Viewer, limit: int) -> list[Suggested]:
    """Whom to suggest, the best first. The calls do not grow with the number of follows."""
    listings = [LISTED, LISTED_FOREIGN] if presence.is_known() else [LISTED]
    followed, active, featured = together(
        lambda: relations.listed(viewer.id, followers=False, above=None, below=None, ascending=False, limit=FOLLOWED),
        lambda: listed.most_active(listings, CANDIDATES),
        suggesting.list_ids)
    unknown = {viewer.id, *followed}.isdisjoint
    of_friends = Counter({id: count for id, count in _followed_by(followed[:FRIENDS]).items() if unknown({id})})
    friends_of_friends = [id for id, _ in of_friends.most_common(CANDIDATES)]
    candidates = [*friends_of_friends, *(id for id in [*featured, *active] if unknown({id}))]
    found = _welcome(meetings.standings(viewer.id, candidates), viewer)
    best = sorted(found, key=lambda each: (each.id in featured, of_friends[each.id], int(each.followers_count)),
                  reverse=True)[:limit]
    why = {FEATURED: featured, OF_FRIENDS: set(of_friends), POPULAR: set(active)}
    return [Suggested(each, [reason for reason, ids in why.items() if each.id in ids]) for each in best]


def _followed_by(friends: Sequence[str]) -> Counter[str]:
    """Whom these accounts follow, and by how many of them, as far as they show it."""
    if not friends:
        return Counter()
    known, *theirs = together(
        lambda: accounts.find_many(friends),
        *[lambda id=id: relations.listed(id, followers=False, above=None, below=None, ascending=False,
                                         limit=OF_A_FRIEND) for id in friends])
    return Counter(each for id, ids in zip(friends, theirs, strict=True)
                   if id in known and not known[id].profile.get("hide_follows") for each in ids)


def _welcome(found: Iterable[tuple[Account, Relation]], viewer: Viewer) -> list[Account]:
    kept = [account for account, how in found if may_be_found(account, viewer) and not (
        how.follows or how.requested or how.blocked_by or how.unsuggested)]
    unwanted = domain_blocks.find_unwanted(kept, viewer)
    return [account for account in kept if account.id not in unwanted]


def dismiss(account_id: str, *, by: Viewer) -> None:
    """Do not suggest an account any more."""
    def note(meeting: Meeting) -> Relation:
        mine = meeting.pair.mine
        return mine if mine.unsuggested else private_marks.set_unsuggested(meeting.pair)

    change(account_id, by, note)
