"""Answers of the quoted author: taking a quote back, and saying who may quote."""

from __future__ import annotations

from ...ids import is_flake, new_flake
from ...store.quotes import changes, quotes
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from ...store.statuses.surroundings import Surroundings
from .. import events, visibility
from ..event_types.quotes import QuotePolicyChanged, QuoteRevoked
from ..federation.documents import quotes as stamps
from ..refusals import Forbidden, NotFound
from ..retrying import expect, retried
from ..viewer import Viewer
from . import permissions


def _own(status_id: str, viewer: Viewer) -> tuple[Status, Surroundings]:
    """A status of the viewer's own. Raises NotFound, and Forbidden for one of others that they see."""
    status, around = visibility.readable(status_id, viewer)
    if status.reblog_of:
        raise NotFound
    if status.account_id != viewer.id:
        raise Forbidden
    return status, around


def revoke(status_id: str, quoting_id: str, viewer: Viewer) -> tuple[Status, Surroundings]:
    """Take one's status out of a quote for good. A second time changes nothing. Answers the quote."""
    quoted, _ = _own(status_id, viewer)

    def once() -> Status:
        quoting = statuses.find(quoting_id) if is_flake(quoting_id) else None
        if quoting is None or quoting.quote_of != quoted.id or quoting.reblog_of:
            raise NotFound
        if quotes.may_count(quoting):
            stamp = quotes.stamp_for(quoted.id, quoting)
            event = QuoteRevoked(quoting.id, viewer.id, quoted.id, quoting.account_id, quoting.host, stamp,
                                 stamps.address_of(quoted.uri, stamp), bool(quoting.federated))
            expect(changes.settle(quoting, quotes.REVOKED, jobs=events.owed(event)))
            events.tell(event)
        return quoting

    quoting = retried(once)
    return visibility.shown(quoting, viewer)


def set_policy(status_id: str, policy: str, viewer: Viewer) -> tuple[Status, Surroundings]:
    """Say who may quote a status of one's own from now on. Nobody else ever may, if it is not for everybody."""
    status, around = _own(status_id, viewer)
    apply_policy(status, policy, viewer)
    return status, around


def apply_policy(status: Status, policy: str, viewer: Viewer) -> None:
    """As `set_policy`, for a status of the viewer's own that is in hand. Raises NotFound if it is gone."""
    before = status.quote_policy
    status.quote_policy = permissions.policy_for(status.visibility, policy, viewer.account)
    if status.quote_policy != before:
        event = QuotePolicyChanged(status.id, viewer.id, new_flake(), bool(status.federated))
        if not changes.set_policy(status, status.quote_policy, events.owed(event)):
            raise NotFound
        events.tell(event)
