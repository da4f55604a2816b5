"""Reports: what accounts tell the staff of other accounts. Row `R` is the report itself, `N#`… are notes on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from . import accounts, counters
from .accounts import Account
from .attributes import Document, ListAttribute, UnicodeAttribute
from .jobs import Job
from .statuses import Status, status_key
from .table import Record, Table, fetch, key, named, transaction

OPEN = "open"
ITSELF = "R"


class ByState(GlobalSecondaryIndex["Report"]):
    """The reports in a state, by id and so by time."""

    class Meta:
        index_name = "by_state"
        projection = KeysOnlyProjection()

    state = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class Report(Record):
    """Asked: by id (get) · those in a state, latest first (by_state)."""

    class Meta(Table):
        table_name = named("reports")

    id = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute()
    account_id = UnicodeAttribute(attr_name="account")
    by = UnicodeAttribute()
    status_ids: ListAttribute = ListAttribute(attr_name="statuses", null=True)
    doc = Document(null=True)
    by_state = ByState()

    @property
    def content(self) -> dict[str, Any]:
        """`comment` as typed, and its `html`; neither when nothing was said."""
        return self.doc or {}


def row(id: str, *, account_id: str, by: str, status_ids: Sequence[str], content: dict[str, Any]) -> Report:
    return Report(id, ITSELF, state=OPEN, account_id=account_id, by=by, status_ids=list(status_ids) or None,
                  doc=content or None)


def add(report: Report, job: Job) -> None:
    """Write a report, count it, and leave the job that tells the staff."""
    with transaction() as write:
        write.put(report, Report.id.does_not_exist())
        counters.count_report(write, str(report.state), 1)
        write.put(job)


def find(report_id: str) -> Report | None:
    return fetch(strong=[key(Report, report_id, ITSELF)]).get(Report, report_id, ITSELF)


def find_subject(account_id: str, status_ids: Iterable[str]) -> tuple[Account | None, list[str]]:
    """The account to be reported, and which of these statuses are there and its own, in the order given; one round."""
    wanted = list(status_ids)
    found = fetch(strong=[accounts.profile_key(account_id), *map(status_key, wanted)])
    own = {status.id for status in found.all(Status) if status.account_id == account_id and not status.deleted}
    return accounts.in_found(found, account_id), [id for id in wanted if id in own]
