"""Scheduled statuses: seeing, moving and withdrawing them. Posting with `scheduled_at` makes them."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.statuses import scheduled
from ...domain.viewer import Viewer
from ...entities.statuses.scheduled_status import render_scheduled
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import DateTime, FlakeId


@endpoint("GET", "/api/v1/scheduled_statuses", auth=signed_in("read:statuses"))
def index(viewer: Viewer, page: Page) -> Paged[entities.ScheduledStatus]:
    """What the viewer has scheduled, latest created first."""
    return page.reply([render_scheduled(entry) for entry in scheduled.list_of(viewer, page)])


@endpoint("GET", "/api/v1/scheduled_statuses/{id}", auth=signed_in("read:statuses"))
def show(viewer: Viewer, id: FlakeId) -> entities.ScheduledStatus:
    """One scheduled status."""
    return render_scheduled(scheduled.get(id, viewer))


@endpoint("PUT", "/api/v1/scheduled_statuses/{id}", auth=signed_in("write:statuses"))
def move(viewer: Viewer, id: FlakeId,
         scheduled_at: Annotated[DateTime | None, "At least five minutes from now."] = None,
         ) -> entities.ScheduledStatus:
    """Give a scheduled status another time."""
    return render_scheduled(scheduled.move(id, scheduled_at, viewer))


@endpoint("DELETE", "/api/v1/scheduled_statuses/{id}", auth=signed_in("write:statuses"))
def withdraw(viewer: Viewer, id: FlakeId) -> entities.ScheduledStatus:
    """Withdraw a scheduled status. Answers it as it was."""
    return render_scheduled(scheduled.remove(id, viewer))
