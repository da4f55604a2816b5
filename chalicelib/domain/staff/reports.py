"""Reports: telling the staff of an account and what it wrote, and what the staff does about it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...ids import is_flake, new_flake
from ...queues import queue
from ...queues.messages import outbox
from ...queues.notifications import Mail, ReportFiled
from ...settings import settings
from ...store import jobs
from ...store.accounts import accounts
from ...store.dynamo.parallel import together
from ...store.instance import counters
from ...store.relationships import subscriptions
from ...store.staff import reports
from ...store.staff.reports import STATES, NoteName, Report, Reported
from ...store.statuses import addressing
from .. import events
from ..event_types.accounts import AccountReported
from ..event_types.statuses import StatusKept
from ..lookup import people_named
from ..mail import mailing
from ..notifications import making
from ..paging import Numbered
from ..refusals import BadRequest, NotFound, Unacceptable
from ..retrying import retried
from ..text import fits, format_note, mentioned_names
from ..viewer import Viewer
from . import log
from .acting import acting

MOST_STATUSES = 200
MOST_CHANGED = 100
MOST_GROUPED = 100
LONGEST_NOTE = 5_000
DEEPEST = 40_000
"""Reports that come after so many newer ones are on no page."""


def file(account_id: str, by: Viewer, *, comment: str = "", status_ids: Sequence[str] = (), forward: bool = False,
         id: str | None = None) -> Report:
    """Report an account to the staff. Only statuses by that account are kept, at most two hundred.

    `forward`: the account's own server hears of it too, but not of who reports. `id`: that of the report; one that is
    there already is not filed again.
    """
    wanted = [id for id in dict.fromkeys(status_ids) if is_flake(id)][:MOST_STATUSES]
    account, own = reports.find_subject(account_id, wanted)
    if account is None or account.deleted:
        raise BadRequest("Account not found")
    if not fits(settings.max_report_comment_size, comment):
        raise BadRequest(f"Comment must be up to {settings.max_report_comment_size} characters")
    report = reports.row(id or new_flake(), account_id=account.id, by=by.id, status_ids=own, content=_content(comment))
    tell = ReportFiled(report.id)
    happened = [AccountReported(report.id, account.id, new_flake())] if forward and account.host is not None else []
    kept = [StatusKept(each) for each in own] if account.host is not None else []
    if kept:  # what is reported is not forgotten before somebody has looked at it
        jobs.add(events.owed(*kept))
    if reports.add(report, [outbox(tell), *events.owed(*happened)]):
        queue.send(tell)
        events.tell(*happened, *kept)
    return report


def _content(comment: str) -> dict[str, Any]:
    if not comment.strip():
        return {}
    people = people_named(mentioned_names(comment, "text/plain"))
    return {"comment": comment, "html": format_note(comment, people=people, base_url=settings.base_url)}


def tell_staff(report_id: str) -> dict[str, int]:
    """Notify every administrator and moderator but the reporter, and send each of them a letter."""
    report = reports.find(report_id)
    by = accounts.find(report.by) if report is not None else None
    if report is None or by is None:
        return {}
    people = addressing.people(counters.staff_ids() - {by.id}, by.id).by_id.values()
    staff = [each for each in people if each.account.is_admin or each.account.is_moderator]
    notices = [making.notice("pleroma:report", each, by=by, cause=report.id) for each in staff]
    told = [notice for notice in notices if notice is not None]
    subscriptions.tell(told)
    events.tell(*events.told(told))
    mailing.ask([Mail(f"{mailing.REPORT}#{report.id}#{each.account.id}", mailing.REPORT, each.account.id,
                      {"about": report.id}) for each in staff])
    return {"told": len(told), "letters": len(staff)}


# What the staff sees.


@dataclass(frozen=True)
class ReportPage:
    """Reports, newest first, with what is needed to show them. `total`: how many there are on all pages."""

    reports: list[Report]
    reported: Reported
    total: int


def list_in(state: str | None, page: Numbered) -> ReportPage:
    """A page of the reports in a state. None: in any."""
    states = STATES if state is None else (state,)
    found, total = together(lambda: _newest(states, page), lambda: reports.count_in(states))
    return ReportPage(found[0], found[1], total)


def _newest(states: Sequence[str], page: Numbered) -> tuple[list[Report], Reported]:
    """The reports of a page. The index may lag behind, so their states are looked at once more."""
    ids = reports.newest_ids(states, min(page.end, DEEPEST))[page.start:]
    reported = reports.gather(ids)
    return [report for id in ids if (report := reported.reports.get(id)) and report.state in states], reported


def list_open_for_groups() -> tuple[list[Report], Reported]:
    """The newest hundred open reports, by which the statuses that they name are grouped."""
    return _newest((reports.OPEN,), Numbered(1, MOST_GROUPED))


def get(report_id: str) -> tuple[Report, Reported]:
    reported = reports.gather([report_id])
    if report_id not in reported.reports:
        raise NotFound("Not found")
    return reported.reports[report_id], reported


# What the staff does.


@dataclass(frozen=True)
class NotChanged:
    """A report that could not be brought into a state, and why."""

    id: str
    error: str


def set_states(wanted: Sequence[tuple[str, str]], by: Viewer | None) -> list[NotChanged]:
    """Bring reports, named by id, into states. Answers those for which that was not possible; the others are done."""
    if len(wanted) > MOST_CHANGED:
        raise BadRequest(f"At most {MOST_CHANGED} reports can be changed at once")
    return [NotChanged(id, fault) for id, state in wanted if (fault := _set_state(id, state, by))]


def _set_state(report_id: str, state: str, by: Viewer | None) -> str | None:
    """What is wrong, or None. Whoever sets the state that the report has already is logged too."""
    if not is_flake(report_id):
        return "not_found"

    def attempt() -> str | None:
        report = reports.find(report_id)
        if report is None:
            return "not_found"
        if state not in STATES:
            return "Unsupported state"
        entry = log.updated_report(acting(by), report.id, state, accounts.find(report.by))
        reports.set_state(report, state, entry)
        return None

    return retried(attempt)


class NoNote(BadRequest):
    """A note needs a text and an author. The reply is an empty text."""


def add_note(report_id: str, content: str, by: Viewer | None) -> None:
    """Note something on a report, for the staff to read. Raises NoNote if it is blank, or nobody's."""
    if by is None or not content.strip():
        raise NoNote
    if not fits(LONGEST_NOTE, content):
        raise BadRequest(f"Note must be up to {LONGEST_NOTE} characters")
    report = reports.find(report_id) if is_flake(report_id) else None
    if report is None:
        raise NotFound("Not found")
    name = NoteName(reports.next_note_number(), by.id)
    entry = log.noted_report(acting(by), report.id, report.state, accounts.find(report.by), content)
    try:
        reports.add_note(report, name, content, int(time.time()), entry)
    except reports.TooManyNotes:
        raise Unacceptable(f"A report has at most {reports.MOST_NOTES} notes") from None


def remove_note(report_id: str, note_id: str, by: Viewer | None) -> None:
    """Delete a note on this report."""
    number = int(note_id) if note_id.isascii() and note_id.isdigit() and len(note_id) <= 16 else None
    if number is None or not is_flake(report_id):
        raise NotFound("Not found")
    report, note = reports.find_with_note(report_id, number)
    if report is None or note is None:
        raise NotFound("Not found")
    entry = log.deleted_note(acting(by), report.id, report.state, accounts.find(report.by), note.content)
    if not reports.remove_note(note, entry):
        raise NotFound("Not found")
