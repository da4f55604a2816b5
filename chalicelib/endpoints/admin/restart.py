"""Restarting, which changes of the config never need: clients of administrators ask for it all the same."""

from __future__ import annotations

from typing import Any

from ...domain.instance import config
from ...web.auth import admin
from ...web.endpoint import endpoint


@endpoint("GET", "/api/pleroma/admin/restart", auth=admin("admin:write"))
def restart() -> dict[str, Any]:
    """Nothing is there to restart. This process reads its settings again. 400 if none may be changed on this server."""
    config.forget()
    return {}
