"""Suggestions of whom to follow. Clients ask when they start. As on the reference server, the list is empty."""

from __future__ import annotations

from typing import Any

from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/suggestions", auth=signed_in("read"))
def suggestions(viewer: Viewer) -> list[Any]:
    """Whom to follow. Nobody is suggested."""
    return []
