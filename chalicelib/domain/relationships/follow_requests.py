"""Follow requests: who waits to follow a locked account, and how it answers."""

from __future__ import annotations

from ...ids import new_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.relationships import follow_requests
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from .. import events
from ..event_types import AccountFollowed
from ..refusals import NotFound
from ..viewer import Viewer
from ..visibility import is_active
from . import following
from .changing import change
from .following import Standing


def list_of(viewer: Viewer) -> list[Account]:
    """Who waits, newest account first, at most four hundred."""
    ids = follow_requests.requester_ids(viewer.id)
    known = accounts.find_many(ids)
    return [known[id] for id in reversed(ids) if id in known and is_active(known[id])]


def authorize(account_id: str, by: Viewer) -> Standing:
    """Let an account follow that asked to. Its home timeline gets the newest statuses at once."""
    event = AccountFollowed(account_id, by.id, new_flake())

    def accept(meeting: Meeting) -> Relation:
        _demand_request(meeting)
        return follow_requests.authorize(meeting.pair, events.owed(event))

    standing = change(account_id, by, accept)
    following.bring_newest(by.id, by=Viewer(standing.account, by.hides))
    events.tell(event)
    return standing


def reject(account_id: str, by: Viewer) -> Standing:
    """Refuse a request. The account may ask again."""
    def refuse(meeting: Meeting) -> Relation:
        _demand_request(meeting)
        return follow_requests.reject(meeting.pair)

    return change(account_id, by, refuse)


def _demand_request(meeting: Meeting) -> None:
    if not meeting.pair.theirs.requested:
        raise NotFound
