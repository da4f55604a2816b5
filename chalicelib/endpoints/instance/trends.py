"""Trends. Clients ask for them when they start, and on their page of what is new. The lists are empty."""

from __future__ import annotations

from typing import Any

from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/v1/trends/tags", auth=public())
@endpoint("GET", "/api/v1/trends", auth=public())
def tags() -> list[Any]:
    """Hashtags in fashion. Nobody counts them yet, so there are none."""
    return []


@endpoint("GET", "/api/v1/trends/statuses", auth=public())
def statuses() -> list[Any]:
    """Statuses in fashion. Nobody counts them yet, so there are none."""
    return []


@endpoint("GET", "/api/v1/trends/links", auth=public())
def links() -> list[Any]:
    """Links in fashion. Nobody counts them yet, so there are none."""
    return []
