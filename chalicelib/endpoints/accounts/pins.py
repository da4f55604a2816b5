"""Endorsements by their older names: an account that is pinned to a profile."""

from __future__ import annotations

from ... import entities
from ...domain.relationships import endorsements, following
from ...domain.viewer import Viewer
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId

WRITE = signed_in("follow", "write:accounts")


@endpoint("POST", "/api/v1/accounts/{id}/pin", auth=WRITE, ahead=following.ahead)
def pin(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """The same as `endorse`."""
    return render_relationship(*endorsements.add(id, by=viewer))


@endpoint("POST", "/api/v1/accounts/{id}/unpin", auth=WRITE, ahead=following.ahead)
def unpin(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """The same as `unendorse`."""
    return render_relationship(*endorsements.remove(id, by=viewer))
