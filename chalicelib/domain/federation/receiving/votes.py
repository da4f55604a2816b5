"""Votes of accounts elsewhere in polls of people here. A vote is a note with a name, or several in a list."""

from __future__ import annotations

from collections.abc import Sequence

from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.statuses import statuses
from ...statuses import polls
from .. import addresses
from ..reading import values
from ..reading.status import ForeignVote, read_vote
from ..reading.values import Document
from . import marks, people
from .activity import Activity, Dropped

MOST = 50


def votes_in(activity: Activity) -> list[ForeignVote]:
    """The votes that a Create brings. Empty: it brings something else."""
    found = [read_vote(each) for each in _objects(activity)]
    return [each for each in found if each is not None] if all(found) else []


def _objects(activity: Activity) -> list[Document]:
    return values.maps(activity.document.get("object"))[:MOST]


def vote(activity: Activity, votes: Sequence[ForeignVote], by: Account) -> None:
    """Count votes, if they are for one poll of somebody here to whom they were sent."""
    if any(not _is_theirs(each, by) for each in votes):
        raise Dropped("voted by somebody else")
    polled = {each.parent for each in votes}
    own = addresses.object_in(next(iter(polled))) if len(polled) == 1 else None
    status = statuses.find(own) if own is not None else None
    author = accounts.find(status.account_id) if status is not None else None
    if status is None or author is None or author.host is not None:
        raise Dropped("no poll of anybody here")
    if author.uri not in _addressed(activity):
        raise Dropped("not sent to the author of the poll")
    marks.demand_peace(status, by)
    polls.vote_from_afar(status.id, [each.name for each in votes], people.acting(by))


def _is_theirs(vote: ForeignVote, by: Account) -> bool:
    """Whether the account may say so. The id of a vote, if it has one, is of the same host; nothing is kept of it."""
    uri = by.foreign_uri or ""
    return vote.author == uri and (vote.id is None or addresses.are_of_one_host(vote.id, uri))


def _addressed(activity: Activity) -> set[str]:
    return {uri for each in (activity.document, *_objects(activity)) for name in ("to", "cc")
            for uri in values.ids_of(each.get(name))}
