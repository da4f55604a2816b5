"""What is configured for Pleroma's own frontend, where that looks for a file of its own."""

from __future__ import annotations

from typing import Any

from ...domain.frontends.configurations import CONFIGURATIONS
from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/static/config.json", auth=public(), head=True)
def config() -> dict[str, Any]:
    """What `/api/pleroma/frontend_configurations` has for Pleroma's own frontend."""
    return CONFIGURATIONS["pleroma_fe"]
