"""Report, as the account that filed it sees it."""

from __future__ import annotations

from typing import TypedDict

from ...domain.staff.reports import OTHER
from ...ids import created_at, iso
from ...store.accounts.accounts import Account as AccountRecord
from ...store.staff.reports import OPEN
from ...store.staff.reports import Report as Record
from ..accounts.account import Account, arrange_account


class Report(TypedDict):
    """What was told to the staff. `action_taken`: whether the staff has closed it, by whatever it did."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    target_account: Account


def render_report(report: Record, account: AccountRecord) -> Report:
    content, closed = report.content, report.state != OPEN
    return {
        "id": report.id,
        "action_taken": closed,
        "action_taken_at": iso(report.taken) if closed and report.taken is not None else None,
        "category": content.get("category", OTHER),
        "comment": content.get("comment", ""),
        "forwarded": bool(content.get("forwarded")),
        "created_at": created_at(report.id),
        "status_ids": list(report.status_ids or ()),
        "rule_ids": list(content.get("rules", ())),
        "target_account": arrange_account(account, None),
    }
