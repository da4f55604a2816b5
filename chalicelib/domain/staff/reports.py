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
from ...store.accounts.accounts import Account
from ...store.dynamo.parallel import together
from ...store.instance import counters
from ...store.relationships import subscriptions
from ...store.staff import reports
from ...store.staff.reports import STATES, NoteName, Report, Reported
from ...store.statuses import addressing
from .. import events
from ..event_types.accounts import AccountReported
from ..event_types.statuses import StatusKept
from ..instance import rules
from ..lookup import people_named
from ..mail import mailing
from ..notifications import making
from ..paging import Cursors, Numbered, window
from ..refusals import BadRequest, NotFound, Unacceptable
from ..retrying import retried
from ..text import fits, format_note, mentioned_names
from ..viewer import Viewer
from . import log
from .acting import acting

OTHER, VIOLATION = "other", "violation"
CATEGORIES = ("spam", "legal", VIOLATION, OTHER)
MOST_STATUSES = 200
MOST_CHANGED = 100
MOST_GROUPED = 100
LONGEST_NOTE = 5_000
DEEPEST = 40_000
"""Reports that come after so many newer ones are on no page."""


@dataclass(frozen=True)
class Told:
    """What somebody tells of an account. `rule_ids` count only for violations.

    `forward`: the account's own server hears of it too, but not of who reports. `domains`: only if it is among them.
    """

    comment: str = ""
    category: str = OTHER
    rule_ids: Sequence[str] = ()
    status_ids: Sequence[str] = ()
    forward: bool = False
    domains: Sequence[str] | None = None


def file(account_id: str, by: Viewer, told: Told, *, id: str | None = None) -> tuple[Report, Account]:
    """Report an account to the staff. Answers the report, and who was reported.

    Only statuses by that account are kept, at most two hundred. `id`: that of the report; one that is there already is
    not filed again.
    """
    wanted = [id for id in dict.fromkeys(told.status_ids) if is_flake(id)][:MOST_STATUSES]
    account, own = reports.find_subject(account_id, wanted)
    if account is None or account.deleted:
        raise BadRequest("Account not found")
    if not fits(settings.max_report_comment_size, told.comment):
        raise BadRequest(f"Comment must be up to {settings.max_report_comment_size} characters")
    content = _content(told, _is_forwarded(told, account))
    report = reports.row(id or new_flake(), account_id=account.id, by=by.id, status_ids=own, content=content)
    tell = ReportFiled(report.id)
    happened = [AccountReported(report.id, account.id, new_flake())] if report.content.get("forwarded") else []
    kept = [StatusKept(each) for each in own] if account.host is not None else []
    if kept:  # what is reported is not forgotten before somebody has looked at it
        jobs.add(events.owed(*kept))
    if reports.add(report, [outbox(tell), *events.owed(*happened)], listed=by.account.host is None):
        queue.send(tell)
        events.tell(*happened, *kept)
    return report, account


def _is_forwarded(told: Told, account: Account) -> bool:
    host = account.host
    if not told.forward or host is None:
        return False
    return told.domains is None or str(host).casefold() in {each.strip().casefold() for each in told.domains}


def _content(told: Told, forwarded: bool) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if told.comment.strip():
        people = people_named(mentioned_names(told.comment, "text/plain"))
        content = {"comment": told.comment,
                   "html": format_note(told.comment, people=people, base_url=settings.base_url)}
    if told.category != OTHER:
        content["category"] = told.category
    if told.category == VIOLATION and told.rule_ids:
        content["rules"] = _known_rules(told.rule_ids)
    return content | ({"forwarded": True} if forwarded else {})


def _known_rules(ids: Sequence[str]) -> list[str]:
    known = {rule.id for rule in rules.list_rules()}
    if not known.issuperset(ids):
        raise Unacceptable("Validation failed: Rule ids does not reference valid rules")
    return list(dict.fromkeys(ids))


# What an account has filed.


def list_own(viewer: Viewer, page: Cursors) -> list[tuple[Report, Account]]:
    """What the viewer has reported, the latest first, each with the account."""
    part = window(page)
    if part.empty:
        return []
    found = reports.list_filed(viewer.id, above=part.above, below=part.below, ascending=part.ascending,
                               limit=part.limit)
    return _with_accounts(list(reversed(found)) if part.ascending else found)


def get_own(report_id: str, viewer: Viewer) -> tuple[Report, Account]:
    """One report that the viewer filed. Raises NotFound."""
    report = reports.find(report_id)
    shown = _with_accounts([report]) if report is not None and report.by == viewer.id else []
    if not shown:
        raise NotFound
    return shown[0]


def _with_accounts(found: Sequence[Report]) -> list[tuple[Report, Account]]:
    people = accounts.find_many({report.account_id for report in found})
    return [(report, people[report.account_id]) for report in found if report.account_id in people]


# Telling the staff.


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
