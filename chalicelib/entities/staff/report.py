"""Report, as the account that filed it sees it."""

from __future__ import annotations

from typing import TypedDict

from ...store.staff.reports import Report as Record


class Report(TypedDict):
    """What the reporter gets. What becomes of the report is not told."""

    id: str
    action_taken: bool


def render_report(report: Record) -> Report:
    return {"id": report.id, "action_taken": False}
