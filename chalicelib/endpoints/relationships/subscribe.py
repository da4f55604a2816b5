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
    """Be notified of every new status of an account, except replies. The viewer need not follow it."""
    return render_relationship(subscriptions.add(id, viewer), viewer)


@endpoint("POST", "/api/v1/pleroma/accounts/{id}/unsubscribe", auth=SCOPES, ahead=following.ahead)
def unsubscribe(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """End the subscription to an account."""
    return render_relationship(subscriptions.remove(id, viewer), viewer)
