"""What is configured for frontends."""

from __future__ import annotations

from typing import Any

from ...domain.instance import frontends
from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/frontend_configurations", auth=public())
def frontend_configurations() -> dict[str, Any]:
    """What is configured for frontends, by their name."""
    return frontends.CONFIGURATIONS


@endpoint("GET", "/static/config.json", auth=public(), head=True)
def config() -> dict[str, Any]:
    """What is configured for Pleroma's own frontend, which looks for it here too."""
    return frontends.CONFIGURATIONS["pleroma_fe"]
