"""Other servers that this one cannot reach."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import optional
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/pleroma/federation_status", auth=optional())
def federation_status(viewer: Viewer | None) -> dict[str, Any]:
    """The servers that could not be reached for a while. There are none, because this server asks no other."""
    return {"unreachable": {}}
