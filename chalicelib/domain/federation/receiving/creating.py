"""What comes as a Create: a status, votes in a poll, or a chat message."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from . import messages, statuses, votes
from .activity import Activity


def create(activity: Activity, by: Account, owner_id: str) -> None:
    voted = votes.votes_in(activity)
    if messages.is_one(activity):
        messages.take(activity, by)
    elif voted:
        votes.vote(activity, voted, by)
    else:
        statuses.create(activity, by, owner_id)
