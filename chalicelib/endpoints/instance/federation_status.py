"""Which other servers this one does not reach."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import optional
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/pleroma/federation_status", auth=optional())
def federation_status(viewer: Viewer | None) -> dict[str, Any]:
    """The servers that have not been reached for a while: none, since this one reaches for no other."""
    return {"unreachable": {}}
