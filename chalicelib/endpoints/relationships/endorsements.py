"""Accounts that the viewer recommends. As on the reference server, the list is empty."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/endorsements", auth=signed_in("read:accounts"))
def endorsements(viewer: Viewer) -> list[Any]:
    """Whom the viewer recommends. Nobody can be recommended."""
    return []
