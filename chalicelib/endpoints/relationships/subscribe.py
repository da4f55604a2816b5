"""Subscribing to accounts."""

from __future__ import annotations

from ... import entities
from ...domain.relationships import following, subscriptions
from ...domain.viewer import Viewer
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId

SCOPES = signed_in("follow", "write:follows")


@endpoint("POST", "/api/v1/pleroma/accounts/{id}/subscribe", auth=SCOPES, ahead=following.ahead)
def subscribe(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Hear of every new status of the account that is no reply. Following is not needed."""
    return render_relationship(subscriptions.add(id, viewer), viewer)


@endpoint("POST", "/api/v1/pleroma/accounts/{id}/unsubscribe", auth=SCOPES, ahead=following.ahead)
def unsubscribe(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Hear of them no longer."""
    return render_relationship(subscriptions.remove(id, viewer), viewer)
