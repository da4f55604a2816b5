"""Report, as the staff sees it: by itself, and in groups by what was reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from ...ids import created_at, iso
from ...store.staff.reports import Note as NoteRecord
from ...store.staff.reports import Report as Record
from ...store.staff.reports import Reported
from ..accounts.merged_account import MergedAccount, render_merged_account
from ..statuses.status import Status, render_status, render_statuses


class ReportNote(TypedDict):
    id: int
    content: str
    user: MergedAccount | dict[str, Any]
    created_at: str


class AdminReport(TypedDict):
    """A report. An account that no longer exists is an empty object."""

    id: str
    state: str
    account: MergedAccount | dict[str, Any]
    actor: MergedAccount | dict[str, Any]
    content: str | None
    created_at: str
    statuses: list[Status]
    notes: list[ReportNote]


class AdminReports(TypedDict):
    """A page of reports. `total` counts all in the state that was asked for."""

    reports: list[AdminReport]
    total: int


class ReportFault(TypedDict):
    """A report that was not changed, and why."""

    id: str
    error: str


class DeletedStatus(TypedDict):
    id: str
    deleted: bool


class ReportGroup(TypedDict):
    """A reported status with all that is open about it. `date`: of the newest report."""

    date: str
    account: MergedAccount | dict[str, Any]
    status: Status | DeletedStatus
    actors: list[MergedAccount | dict[str, Any]]
    reports: list[AdminReport]


class ReportGroups(TypedDict):
    reports: list[ReportGroup]


def render_admin_reports(shown: Sequence[Record], reported: Reported) -> list[AdminReport]:
    return [render_admin_report(report, reported) for report in shown]


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
        "notes": [_note(note, reported) for note in reported.notes_on(report)],
    }


def _note(note: NoteRecord, reported: Reported) -> ReportNote:
    return {
        "id": note.number,
        "content": note.content,
        "user": _account(note.by, reported),
        "created_at": iso(note.at),
    }


def _account(id: str, reported: Reported) -> MergedAccount | dict[str, Any]:
    account = reported.around.accounts.get(id)
    return render_merged_account(account, reported.secrets.get(id)) if account is not None else {}


def render_report_groups(shown: Sequence[Record], reported: Reported) -> list[ReportGroup]:
    """The reports, newest first, by the statuses that they are about. The group of the newest report comes first."""
    groups: dict[str, list[Record]] = {}
    for report in shown:
        for status_id in report.status_ids or ():
            groups.setdefault(status_id, []).append(report)
    return [_group(status_id, reports, reported) for status_id, reports in groups.items()]


def _group(status_id: str, reports: Sequence[Record], reported: Reported) -> ReportGroup:
    return {
        "date": created_at(reports[0].id),
        "account": _account(reports[0].account_id, reported),
        "status": _status(status_id, reported),
        "actors": list(_reporters(reports, reported)),
        "reports": render_admin_reports(reports, reported),
    }


def _status(status_id: str, reported: Reported) -> Status | DeletedStatus:
    around = reported.around
    status = around.statuses.get(status_id)
    if status is None or status.account_id not in around.accounts:
        return {"id": status_id, "deleted": True}
    return render_status(status, None, around)


def _reporters(reports: Sequence[Record], reported: Reported) -> Iterator[MergedAccount | dict[str, Any]]:
    for id in dict.fromkeys(report.by for report in reports):
        yield _account(id, reported)
