"""Reports: what accounts tell the staff of other accounts. Row `R` is the report itself, `N#`… are notes on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ..accounts import accounts
from ..accounts.accounts import Account, Secret
from ..dynamo.attributes import Document, ListAttribute, UnicodeAttribute
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import Record, Table, fetch, named, transaction
from ..instance import counters
from ..jobs import Job
from ..statuses.statuses import Status, status_key
from ..statuses.surroundings import Surroundings, load_known

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
        """The `comment` as typed, and as `html`. Neither is there when the report has no comment."""
        return self.doc or {}


def row(id: str, *, account_id: str, by: str, status_ids: Sequence[str], content: dict[str, Any]) -> Report:
    return Report(id, ITSELF, state=OPEN, account_id=account_id, by=by, status_ids=list(status_ids) or None,
                  doc=content or None)


def add(report: Report, job: Job) -> None:
    """Write a report and the job that tells the staff, and count the report."""
    with transaction() as write:
        write.put(report, Report.id.does_not_exist())
        counters.count_report(write, str(report.state), 1)
        write.put(job)


def find(report_id: str) -> Report | None:
    return fetch(strong=[key(Report, report_id, ITSELF)]).get(Report, report_id, ITSELF)


@dataclass(frozen=True)
class Reported:
    """Reports by id, with everything that the staff sees of them."""

    reports: dict[str, Report] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)
    secrets: dict[str, Secret] = field(default_factory=dict)

    def joined(self, other: Reported) -> Reported:
        return Reported(self.reports | other.reports, self.around.joined(other.around), self.secrets | other.secrets)


def gather(report_ids: Sequence[str]) -> Reported:
    """The reports in one round, both accounts and the statuses of each in another. No reports, no rounds."""
    rows = fetch(eventual=[key(Report, id, ITSELF) for id in report_ids]).all(Report)
    if not rows:
        return Reported()
    people = list(dict.fromkeys(id for row in rows for id in (row.account_id, row.by)))
    status_ids = list(dict.fromkeys(id for row in rows for id in row.status_ids or ()))
    around, secrets = together(
        lambda: load_known(status_ids, people, None),
        lambda: fetch(eventual=[key(Secret, id, accounts.SECRET) for id in people]),
    )
    return Reported({row.id: row for row in rows}, around, {secret.id: secret for secret in secrets.all(Secret)})


def find_subject(account_id: str, status_ids: Iterable[str]) -> tuple[Account | None, list[str]]:
    """The account to be reported, and those of these statuses that it wrote, in the order given. One round."""
    wanted = list(status_ids)
    found = fetch(strong=[accounts.profile_key(account_id), *map(status_key, wanted)])
    own = {status.id for status in found.all(Status) if status.account_id == account_id and not status.deleted}
    return accounts.in_found(found, account_id), [id for id in wanted if id in own]
