"""Other servers that this one cannot reach."""

from __future__ import annotations

from typing import Any

from ...domain.instance import about
from ...domain.viewer import Viewer
from ...ids import iso
from ...web.auth import optional
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/pleroma/federation_status", auth=optional())
def federation_status(viewer: Viewer | None) -> dict[str, Any]:
    """The servers that could not be reached for a while, with since when."""
    return {"unreachable": {host: iso(since) for host, since in about.list_unreachable().items()}}
