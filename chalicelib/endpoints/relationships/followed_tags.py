"""Hashtags that the viewer follows. Clients ask for them when they start."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/followed_tags", auth=signed_in("follow", "read:follows"))
def followed_tags(viewer: Viewer) -> list[Any]:
    """The hashtags that the viewer follows. None can be followed yet, so the list is empty."""
    return []
