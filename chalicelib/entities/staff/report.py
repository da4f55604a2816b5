"""Reports, as whoever files one sees them."""

from __future__ import annotations

from typing import TypedDict

from ...store.staff.reports import Report as Record


class Report(TypedDict):
    """What is left to know for whoever filed it. What became of it is not told."""

    id: str
    action_taken: bool


def render_report(report: Record) -> Report:
    return {"id": report.id, "action_taken": False}
