"""Muted threads."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.statuses import reading, thread_mutes
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_status
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId


@endpoint("POST", "/api/v1/statuses/{id}/mute", auth=signed_in("write:mutes"), ahead=reading.ahead)
def mute(viewer: Viewer, id: FlakeId,
         expires_in: Annotated[int, "Seconds; 0: for good."] = 0,
         duration: Annotated[int, "Another name of `expires_in`."] = 0) -> entities.Status:
    """Mute the thread of a status: it is not on timelines any more, and nothing in it notifies the viewer."""
    status, around, viewer = thread_mutes.add(id, viewer, expires_in or duration)
    return render_status(status, viewer, around)


@endpoint("POST", "/api/v1/statuses/{id}/unmute", auth=signed_in("write:mutes"), ahead=reading.ahead)
def unmute(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Unmute the thread of a status."""
    status, around, viewer = thread_mutes.remove(id, viewer)
    return render_status(status, viewer, around)
