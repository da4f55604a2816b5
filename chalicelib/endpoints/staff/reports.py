"""Reports: telling the staff of an account, and what became of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ... import entities
from ...domain.staff import reports
from ...domain.staff.reports import Told
from ...domain.viewer import Viewer
from ...entities.staff.report import render_report
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import REPORTS
from ...web.paging import Page, Paged
from ...web.params import Flag, FlakeId, Flat


@dataclass(frozen=True)
class ReportForm:
    """What is told of an account."""

    account_id: FlakeId
    status_ids: Annotated[list[str] | None, "Statuses of the account that the report is about."] = None
    comment: Annotated[str, "What is the matter, as plain text."] = ""
    forward: Annotated[Flag, "To the account's own server too, which does not hear who reports."] = False
    forward_to_domains: Annotated[list[str] | None, "Forward only if the account is of one of these."] = None
    category: Annotated[Literal["spam", "legal", "violation", "other"], "What kind of matter it is."] = "other"
    rule_ids: Annotated[list[str] | None, "Rules that were broken; for violations only."] = None

    @property
    def told(self) -> Told:
        return Told(self.comment, self.category, self.rule_ids or (), self.status_ids or (), self.forward,
                    self.forward_to_domains)


@endpoint("POST", "/api/v1/reports", auth=signed_in("write:reports"), limits=(REPORTS,))
def create(viewer: Viewer, report: Flat[ReportForm]) -> entities.Report:
    """Report an account to administrators and moderators."""
    return render_report(*reports.file(report.account_id, viewer, report.told))


@endpoint("GET", "/api/v1/reports", also=("/api/v0/pleroma/reports",), auth=signed_in("read:reports"))
def index(viewer: Viewer, page: Page) -> Paged[entities.Report]:
    """What the viewer has reported, the latest first."""
    return page.reply([render_report(*each) for each in reports.list_own(viewer, page)])


@endpoint("GET", "/api/v1/reports/{id}", auth=signed_in("read:reports"))
def show(viewer: Viewer, id: FlakeId) -> entities.Report:
    """One report that the viewer filed, and whether the staff has closed it."""
    return render_report(*reports.get_own(id, viewer))
