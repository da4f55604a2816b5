"""Follow requests, and their answers."""

from __future__ import annotations

from ... import entities
from ...domain.relationships import follow_requests, following
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId

ANSWERING = signed_in("follow", "write:follows")


@endpoint("GET", "/api/v1/follow_requests", auth=signed_in("follow", "read:follows"))
def index(viewer: Viewer) -> list[entities.Account]:
    """Who waits to follow the viewer."""
    return render_accounts(follow_requests.list_of(viewer), viewer)


@endpoint("GET", "/api/v1/pleroma/outgoing_follow_requests", also=("/api/v1/follow_requests/outgoing",),
          auth=signed_in("follow", "read:follows"))
def outgoing(viewer: Viewer) -> list[entities.Account]:
    """Whom the viewer waits to follow."""
    return render_accounts(follow_requests.list_outgoing(viewer), viewer)


@endpoint("POST", "/api/v1/follow_requests/{id}/authorize", auth=ANSWERING, ahead=following.ahead)
def authorize(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Let an account follow that asked to."""
    return render_relationship(follow_requests.authorize(id, viewer), viewer)


@endpoint("POST", "/api/v1/follow_requests/{id}/reject", auth=ANSWERING, ahead=following.ahead)
def reject(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Refuse a request. The account may ask again."""
    return render_relationship(follow_requests.reject(id, viewer), viewer)
