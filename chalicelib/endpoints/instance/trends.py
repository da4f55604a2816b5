"""Trends. Clients ask for them when they start. As on the reference server, the list is empty."""

from __future__ import annotations

from typing import Any

from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/trends", auth=public())
def trends() -> list[Any]:
    """Hashtags in fashion. Nobody counts them, so there are none."""
    return []
