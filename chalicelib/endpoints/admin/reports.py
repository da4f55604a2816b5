"""What administrators do about reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ... import entities
from ...domain.paging import Numbered
from ...domain.staff import reports
from ...domain.viewer import Viewer
from ...entities.staff.admin_report import render_admin_report, render_admin_reports, render_report_groups
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.kinds import PageNumber
from ...web.params import AnyId, Flat, Named
from ...web.replies import As, NoContent, Reply

USUAL, MOST = 50, 100


@dataclass(frozen=True)
class WantedReports:
    state: Literal["open", "closed", "resolved"] | None = None
    page: Annotated[int, PageNumber()] = 1
    page_size: Annotated[int | None, "How many reports a page has, at most a hundred.", PageNumber()] = None
    limit: Annotated[int | None, "Another name of `page_size`, which counts if that is absent.", PageNumber()] = None

    @property
    def numbered(self) -> Numbered:
        return Numbered(self.page, min(self.page_size or self.limit or USUAL, MOST))


@endpoint("GET", "/api/pleroma/admin/reports", auth=admin("admin:read:reports"))
def list_reports(wanted: Flat[WantedReports]) -> entities.AdminReports:
    """Reports, newest first, of all states or of one."""
    found = reports.list_in(wanted.state, wanted.numbered)
    return {"reports": render_admin_reports(found.reports, found.reported), "total": found.total}


@endpoint("GET", "/api/pleroma/admin/reports/{id}", auth=admin("admin:read:reports"))
def show(id: AnyId) -> entities.AdminReport:
    """One report."""
    return render_admin_report(*reports.get(id))


@dataclass(frozen=True)
class StateChange:
    id: str | int
    state: str


@endpoint("PATCH", "/api/pleroma/admin/reports", auth=admin("admin:write:reports"))
def change(viewer: Viewer | None,
           reports_: Annotated[list[StateChange], Named("reports"), "Reports with the states to bring them into."],
           ) -> NoContent | Annotated[Reply[list[entities.ReportFault]], As(400)]:
    """Bring reports into states. If some cannot be changed, the others are, and the reply names those that are not."""
    failed = reports.set_states([(str(each.id), each.state) for each in reports_], viewer)
    return Reply([{"id": each.id, "error": each.error} for each in failed], 400) if failed else NoContent()


@endpoint("POST", "/api/pleroma/admin/reports/{id}/notes", auth=admin("admin:write:reports"))
def add_note(viewer: Viewer | None, id: AnyId, content: str) -> NoContent | Annotated[Reply[str], As(400)]:
    """Note something on a report, for the staff to read."""
    try:
        reports.add_note(id, content, viewer)
    except reports.NoNote:
        return Reply("", 400)
    return NoContent()


@endpoint("DELETE", "/api/pleroma/admin/reports/{id}/notes/{note_id}", auth=admin("admin:write:reports"))
def remove_note(viewer: Viewer | None, id: AnyId, note_id: str) -> NoContent:
    """Delete a note on a report."""
    reports.remove_note(id, note_id, viewer)
    return NoContent()


@endpoint("GET", "/api/pleroma/admin/grouped_reports", auth=admin("admin:read:reports"))
def list_groups() -> entities.ReportGroups:
    """The newest hundred open reports, grouped by the statuses that they are about."""
    return {"reports": render_report_groups(*reports.list_open_for_groups())}
