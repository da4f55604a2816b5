"""Follow requests: who waits to follow a locked account, and how it answers."""

from __future__ import annotations

from ...ids import new_flake
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.relationships import follow_requests
from ...store.relationships.meetings import Meeting
from ...store.relationships.relations import Relation
from .. import events
from ..event_types.accounts import AccountFollowed, FollowRejected, RequestRefused
from ..refusals import NotFound
from ..viewer import Viewer
from ..visibility import is_active
from . import following
from .changing import change
from .standing import Standing


def list_of(viewer: Viewer) -> list[Account]:
    """Who waits, newest account first, at most four hundred."""
    ids = follow_requests.requester_ids(viewer.id)
    known = accounts.find_many(ids)
    return [known[id] for id in reversed(ids) if id in known and is_active(known[id])]


def list_outgoing(viewer: Viewer) -> list[Account]:
    """Who has not answered the viewer yet, newest account first, at most four hundred."""
    ids = follow_requests.asked_ids(viewer.id)
    known = accounts.find_many(ids)
    return [known[id] for id in ids if id in known and is_active(known[id])]


def authorize(account_id: str, by: Viewer) -> Standing:
    """Let an account follow that asked to. Its home timeline gets the newest statuses at once."""
    change_id = new_flake()

    def began(asker: Account) -> AccountFollowed:
        return AccountFollowed(account_id, by.id, change_id, host=asker.host, other_host=by.account.host)

    def accept(meeting: Meeting) -> Relation:
        _demand_request(meeting)
        return follow_requests.authorize(meeting.pair, events.owed(began(meeting.account)))

    standing = change(account_id, by, accept)
    if standing.account.host is None:
        following.bring_newest(by.id, by=Viewer(standing.account, by.hides))
    events.tell(began(standing.account))
    return standing


def reject(account_id: str, by: Viewer) -> Standing:
    """Refuse a request. The account may ask again."""
    told: list[FollowRejected] = []

    def refuse(meeting: Meeting) -> Relation:
        _demand_request(meeting)
        host, uri = meeting.account.host, meeting.pair.mine.followed_uri
        told[:] = [FollowRejected(by.id, account_id, new_flake(), host, uri)] if host is not None else []
        return follow_requests.reject(meeting.pair, events.owed(*told))

    standing = change(account_id, by, refuse)
    events.tell(*told, *([RequestRefused(account_id, by.id)] if standing.account.host is None else []))
    return standing


def _demand_request(meeting: Meeting) -> None:
    if not meeting.pair.theirs.requested:
        raise NotFound
