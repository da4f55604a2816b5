"""Backups of other people's accounts."""

from __future__ import annotations

from ...domain.backups import building
from ...domain.viewer import Viewer
from ...web.auth import admin
from ...web.endpoint import endpoint


@endpoint("POST", "/api/pleroma/admin/backups", auth=admin("admin:read:accounts"), refuses=(404,))
def create(viewer: Viewer | None, nickname: str) -> str:
    """Ask for a backup of an account. Its owner gets it by letter."""
    building.request_for(nickname, viewer)
    return ""
