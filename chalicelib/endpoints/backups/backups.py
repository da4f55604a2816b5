"""Backups: archives of the viewer's own account."""

from __future__ import annotations

from ... import entities
from ...domain.backups import building
from ...domain.viewer import Viewer
from ...entities.backups.backup import render_backups
from ...web.auth import signed_in
from ...web.endpoint import endpoint

MINE = signed_in("read:accounts", newer="read:backups")


@endpoint("GET", "/api/v1/pleroma/backups", auth=MINE)
def show(viewer: Viewer) -> list[entities.Backup]:
    """The viewer's backups, newest first. Each can be downloaded from its `url` once it is processed."""
    return render_backups(building.list_of(viewer))


@endpoint("POST", "/api/v1/pleroma/backups", auth=MINE)
def create(viewer: Viewer) -> list[entities.Backup]:
    """Ask for a backup of the viewer's account. A letter tells when it is ready. The reply holds all backups."""
    return render_backups(building.request(viewer))
