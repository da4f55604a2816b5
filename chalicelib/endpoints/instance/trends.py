"""Trends. Clients ask when they start; as on the reference server, the list is empty."""

from __future__ import annotations

from typing import Any

from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/trends", auth=public())
def trends() -> list[Any]:
    """Hashtags in fashion: none are counted."""
    return []
