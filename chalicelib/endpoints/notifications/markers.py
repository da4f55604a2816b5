"""Markers: how far one has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ... import entities
from ...domain.notifications import markers
from ...domain.notifications.markers import WantedMarker
from ...domain.viewer import Viewer
from ...entities.notifications.marker import render_marker
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@dataclass(frozen=True)
class MarkerFields:
    last_read_id: Annotated[str | int | None, "The id of what was read last."]
    version: Annotated[int | None, "The version that the client knows. If there is a newer one: 409."] = None


@endpoint("GET", "/api/v1/markers", auth=signed_in("read:statuses"), ahead=markers.ahead)
def index(viewer: Viewer, timeline: Annotated[list[Literal["home", "notifications"]] | None, "Which to show."] = None,
          ) -> dict[str, entities.Marker]:
    """The markers of these timelines, as far as they have one."""
    return {name: render_marker(marker) for name, marker in markers.list_of(viewer, timeline or ()).items()}


@endpoint("POST", "/api/v1/markers", auth=signed_in("write:statuses"), ahead=markers.ahead)
def put(viewer: Viewer, home: MarkerFields | None = None,
        notifications: MarkerFields | None = None) -> dict[str, entities.Marker]:
    """Set markers. This marks no notification as read."""
    sent = {"home": home, "notifications": notifications}
    wanted = {name: WantedMarker(fields.last_read_id, fields.version)
              for name, fields in sent.items() if fields is not None}
    return {name: render_marker(marker) for name, marker in markers.put(viewer, wanted).items()}
