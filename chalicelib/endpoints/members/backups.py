"""The page for archives of the viewer's account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from ...domain.backups import building
from ...domain.viewer import Viewer
from ...entities.backups.backup import render_backups
from ...settings import settings
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormFault, FormReply, answered
from ...web.replies import Html
from . import account_html, account_page

MINE = session_of("read:accounts")


@endpoint("GET", "/account/backups", auth=MINE)
def backups_page(viewer: Viewer, done: Field) -> Html:
    """The viewer's archives, and the form to ask for one."""
    return account_page("backups", viewer, done=done, **_shown(viewer))


@endpoint("POST", "/account/backups", auth=MINE)
def ask_for_backup(viewer: Viewer) -> FormReply:
    """Ask for an archive of the viewer's account. A job makes it, and a letter tells when it is ready."""
    def ask() -> None:
        building.request(viewer)

    def again(faults: Sequence[FormFault]) -> str:
        return account_html("backups", viewer, faults=faults, **_shown(viewer))

    return answered(ask, again, "/account/backups?done=backup")


def _shown(viewer: Viewer) -> dict[str, Any]:
    kept = timedelta(days=settings.backup_purge_after_days)
    shown = [{**each, "gone_at": (datetime.fromisoformat(each["inserted_at"]) + kept).isoformat()}
             for each in render_backups(building.list_of(viewer))]
    return {"backups": shown, "limit_days": settings.backup_limit_days,
            "kept_days": settings.backup_purge_after_days}
