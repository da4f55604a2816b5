"""What administrators announce to everybody. Clients ask when they start."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/announcements", auth=signed_in())
def announcements(viewer: Viewer) -> list[Any]:
    """What is announced. Nothing can be announced yet, so the list is empty."""
    return []
