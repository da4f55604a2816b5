"""Telling the staff of reports."""

from __future__ import annotations

from ..domain.staff import reports
from ..queues.notifications import ReportFiled
from ..queues.queue import Counts, job


@job(queue="timelines")
def report_filed(message: ReportFiled) -> Counts:
    """Tell the staff. Notifications and letters have ids that follow from the report: twice makes no second ones."""
    return reports.tell_staff(message.report_id)
