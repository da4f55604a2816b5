"""Pinned statuses."""

from __future__ import annotations

from ... import entities
from ...domain.statuses import pins, reading
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_status
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId


@endpoint("POST", "/api/v1/statuses/{id}/pin", auth=signed_in("write:accounts"), ahead=reading.ahead)
def pin(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Pin a status of one's own: it comes first on the profile."""
    status, around = pins.add(id, viewer)
    return render_status(status, viewer, around)


@endpoint("POST", "/api/v1/statuses/{id}/unpin", auth=signed_in("write:accounts"), ahead=reading.ahead)
def unpin(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Unpin a status."""
    status, around = pins.remove(id, viewer)
    return render_status(status, viewer, around)
