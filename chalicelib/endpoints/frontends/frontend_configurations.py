"""What is configured for frontends."""

from __future__ import annotations

from typing import Any

from ...domain.frontends.configurations import CONFIGURATIONS
from ...web.auth import public
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/frontend_configurations", auth=public())
def frontend_configurations() -> dict[str, Any]:
    """What is configured for frontends, by their name."""
    return CONFIGURATIONS
