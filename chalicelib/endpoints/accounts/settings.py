"""What one app keeps with the viewer's account."""

from __future__ import annotations

from typing import Any

from ...domain.accounts import frontend_settings
from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.request import Request


@endpoint("GET", "/api/v1/pleroma/settings/{app}", auth=signed_in("read:accounts"), ahead=frontend_settings.ahead)
def show(viewer: Viewer, app: str) -> dict[str, Any]:
    """What an app has kept: the part of `settings_store` that has its name."""
    return frontend_settings.get(app, viewer)


@endpoint("PATCH", "/api/v1/pleroma/settings/{app}", auth=signed_in("write:accounts"), ahead=frontend_settings.ahead)
def merge(request: Request, viewer: Viewer, app: str) -> dict[str, Any]:
    """Merge an object into it, level by level. Null takes a value away."""
    return frontend_settings.merge(app, request.sent_object, viewer)
