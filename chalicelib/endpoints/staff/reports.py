"""Reports: telling the staff of an account."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.staff import reports
from ...domain.viewer import Viewer
from ...entities.staff.report import render_report
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import REPORTS
from ...web.params import Flag, FlakeId


@endpoint("POST", "/api/v1/reports", auth=signed_in("write:reports"), limits=(REPORTS,))
def create(viewer: Viewer, account_id: FlakeId,
           status_ids: Annotated[list[str] | None, "Statuses of the account that the report is about."] = None,
           comment: Annotated[str, "What is the matter, as plain text."] = "",
           forward: Annotated[Flag, "To the account's own server too, which does not hear who reports."] = False,
           ) -> entities.Report:
    """Report an account to administrators and moderators."""
    return render_report(reports.file(account_id, viewer, comment=comment, status_ids=status_ids or (),
                                      forward=forward))
