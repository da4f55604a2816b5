"""Reports: telling the staff of an account and what it wrote. What the staff does about them is administration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...ids import is_flake, new_flake
from ...queues import queue
from ...queues.messages import Mail, ReportFiled, outbox
from ...settings import settings
from ...store.accounts import accounts
from ...store.instance import counters
from ...store.relationships import subscriptions
from ...store.staff import reports
from ...store.staff.reports import Report
from ...store.statuses import addressing
from ..lookup import people_named
from ..mail import mailing
from ..notifications import making
from ..refusals import BadRequest
from ..text import fits, format_note, mentioned_names
from ..viewer import Viewer

MOST_STATUSES = 200


def file(account_id: str, by: Viewer, *, comment: str = "", status_ids: Sequence[str] = ()) -> Report:
    """Report an account to the staff. Only statuses by that account are kept, at most two hundred."""
    wanted = [id for id in dict.fromkeys(status_ids) if is_flake(id)][:MOST_STATUSES]
    account, own = reports.find_subject(account_id, wanted)
    if account is None or account.deleted:
        raise BadRequest("Account not found")
    if not fits(settings.max_report_comment_size, comment):
        raise BadRequest(f"Comment must be up to {settings.max_report_comment_size} characters")
    report = reports.row(new_flake(), account_id=account.id, by=by.id, status_ids=own, content=_content(comment))
    tell = ReportFiled(report.id)
    reports.add(report, outbox(tell))
    queue.send(tell)
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
    mailing.ask([Mail(f"{mailing.REPORT}#{report.id}#{each.account.id}", mailing.REPORT, each.account.id,
                      {"about": report.id}) for each in staff])
    return {"told": len(told), "letters": len(staff)}
