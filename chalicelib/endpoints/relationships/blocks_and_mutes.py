"""Blocking and muting accounts."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import blocks, following, mutes
from ...domain.viewer import Viewer
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import Flag, FlakeId

BLOCKING, MUTING = signed_in("follow", "write:blocks"), signed_in("follow", "write:mutes")


@endpoint("POST", "/api/v1/accounts/{id}/block", auth=BLOCKING, ahead=following.ahead)
def block(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Block an account: follows between the two end, and nothing more is heard of it."""
    return render_relationship(blocks.add(id, viewer), viewer)


@endpoint("POST", "/api/v1/accounts/{id}/unblock", auth=BLOCKING, ahead=following.ahead)
def unblock(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Unblock it. Follows do not come back."""
    return render_relationship(blocks.remove(id, viewer), viewer)


@endpoint("POST", "/api/v1/accounts/{id}/mute", auth=MUTING, ahead=following.ahead)
def mute(viewer: Viewer, id: FlakeId,
         notifications: Annotated[Flag, "Whether its notifications are muted too."] = True,
         expires_in: Annotated[int, "Seconds; 0 for good."] = 0) -> entities.Relationship:
    """Mute an account. It is not told, and follows stay."""
    return render_relationship(mutes.add(id, viewer, notifications=notifications, expires_in=expires_in), viewer)


@endpoint("POST", "/api/v1/accounts/{id}/unmute", auth=MUTING, ahead=following.ahead)
def unmute(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Hear of it again."""
    return render_relationship(mutes.remove(id, viewer), viewer)
