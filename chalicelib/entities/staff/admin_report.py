"""Report, as the staff sees it."""

from __future__ import annotations

from typing import Any, TypedDict

from ...ids import created_at
from ...store.staff.reports import Report as Record
from ...store.staff.reports import Reported
from ..accounts.merged_account import MergedAccount, render_merged_account
from ..statuses.status import Status, render_statuses


class AdminReport(TypedDict):
    """A report. An account that no longer exists is an empty object."""

    id: str
    state: str
    account: MergedAccount | dict[str, Any]
    actor: MergedAccount | dict[str, Any]
    content: str | None
    created_at: str
    statuses: list[Status]
    notes: list[Any]


def render_admin_report(report: Record, reported: Reported) -> AdminReport:
    """Reads nothing: `reported` has everything. Statuses that were deleted are left out."""
    around = reported.around
    found = [around.statuses[id] for id in report.status_ids or () if id in around.statuses]
    shown = [status for status in found if status.account_id in around.accounts]
    return {
        "id": report.id,
        "state": report.state,
        "account": _account(report.account_id, reported),
        "actor": _account(report.by, reported),
        "content": report.content.get("html"),
        "created_at": created_at(report.id),
        "statuses": render_statuses(shown, None, around),
        "notes": [],
    }


def _account(id: str, reported: Reported) -> MergedAccount | dict[str, Any]:
    account = reported.around.accounts.get(id)
    return render_merged_account(account, reported.secrets.get(id)) if account is not None else {}
