"""Reports: what accounts tell the staff of other accounts. Row `R` is the report itself, `N#`number a note on it.
`B#`account holds a row for each report that the account filed.

The report names its notes and who wrote them. So a page of reports finds all keys of notes and accounts in its rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from pynamodb.expressions.condition import size
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ..accounts import accounts
from ..accounts.accounts import Account, Secret
from ..dynamo import numbered
from ..dynamo.attributes import Document, ListAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.bounds import NOTHING, strictly_between
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.table import ConditionFailed, Record, Table, fetch, named, transaction, write_batch
from ..instance import counters
from ..instance.counters import Fact
from ..jobs import Job
from ..statuses.statuses import Status, status_key
from ..statuses.surroundings import Surroundings, load_known
from . import log
from .log import LoggedAct

OPEN = "open"
STATES = (OPEN, "closed", "resolved")
ITSELF = "R"
NOTE = "N#"
BY = "B#"
FORGOTTEN_AT_ONCE = 200
MOST_NOTES = 100
"""So many notes a report has. It holds the number and the author of each."""
MOST_SHOWN = 1_000
"""So many statuses, and so many notes, are loaded for a page of reports. If they are more, each report shows fewer."""
SHARES = (200, 100, 50, 20, 10)
T = TypeVar("T")


class ByState(GlobalSecondaryIndex["Report"]):
    """The reports in a state, by id and so by time."""

    class Meta:
        index_name = "by_state"
        projection = KeysOnlyProjection()

    state = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class Report(Record):
    """Asked: by id (get) · those in a state, latest first (by_state).

    `note_names`: of each note its number, in sixteen digits, and its author.
    """

    class Meta(Table):
        table_name = named("reports")

    id = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute()
    account_id = UnicodeAttribute(attr_name="account")
    by = UnicodeAttribute()
    status_ids: ListAttribute = ListAttribute(attr_name="statuses", null=True)
    note_names = UnicodeSetAttribute(attr_name="notes", null=True)
    doc = Document(null=True)
    taken = NumberAttribute(null=True)
    """When the staff brought it into the state that it is in. Not known of those that are open, or were closed before
    this was noted."""
    by_state = ByState()

    @property
    def content(self) -> dict[str, Any]:
        """The `comment` as typed, and as `html`, `category`, `rules`, `forwarded`. What was not said is not there."""
        return self.doc or {}

    @property
    def people(self) -> list[str]:
        """Who was reported, who reported them, and who noted something."""
        return [self.account_id, self.by, *(note.by for note in self.notes)]

    @property
    def notes(self) -> list[NoteName]:
        """Oldest first."""
        return [NoteName.read(each) for each in sorted(self.note_names or ())]


class FiledReport(Record):
    """That an account filed a report. Asked: mine, latest first (query)."""

    class Meta(Table):
        table_name = named("reports")

    by = UnicodeAttribute(hash_key=True, attr_name="id")
    report_id = UnicodeAttribute(range_key=True, attr_name="k")


class NoteName(NamedTuple):
    number: int
    by: str

    @classmethod
    def read(cls, stored: str) -> NoteName:
        number, _, by = stored.partition("#")
        return cls(int(number), by)

    @property
    def stored(self) -> str:
        return f"{self.number:016d}#{self.by}"


class Note(Record):
    """What somebody of the staff noted on a report. Asked: by report and number (get)."""

    class Meta(Table):
        table_name = named("reports")

    report_id = UnicodeAttribute(hash_key=True, attr_name="id")
    k = UnicodeAttribute(range_key=True)
    by = UnicodeAttribute()
    content = UnicodeAttribute()
    at = NumberAttribute()

    @property
    def number(self) -> int:
        return int(self.k.removeprefix(NOTE))


def note_key(report_id: str, number: int) -> Key:
    return key(Note, report_id, f"{NOTE}{number:016d}")


def row(id: str, *, account_id: str, by: str, status_ids: Sequence[str], content: dict[str, Any]) -> Report:
    return Report(id, ITSELF, state=OPEN, account_id=account_id, by=by, status_ids=list(status_ids) or None,
                  doc=content or None)


def add(report: Report, jobs: Sequence[Job], *, listed: bool) -> bool:
    """Write a report with the work that follows, and count it. False if it is there already.

    `listed`: whoever filed it may look for it.
    """
    try:
        with transaction() as write:
            write.put(report, Report.id.does_not_exist())
            if listed:
                write.put(FiledReport(BY + report.by, report.id))
            counters.count_report(write, str(report.state), 1)
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True


def find(report_id: str) -> Report | None:
    return fetch(strong=[key(Report, report_id, ITSELF)]).get(Report, report_id, ITSELF)


@dataclass(frozen=True)
class Reported:
    """Reports by id, with everything that the staff sees of them."""

    reports: dict[str, Report] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)
    secrets: dict[str, Secret] = field(default_factory=dict)
    notes: dict[tuple[str, int], Note] = field(default_factory=dict)
    """By report and number."""

    def joined(self, other: Reported) -> Reported:
        return Reported(self.reports | other.reports, self.around.joined(other.around), self.secrets | other.secrets,
                        self.notes | other.notes)

    def notes_on(self, report: Report) -> list[Note]:
        """Those that are still there, oldest first."""
        return [self.notes[report.id, each.number] for each in report.notes if (report.id, each.number) in self.notes]


def gather(report_ids: Sequence[str]) -> Reported:
    """The reports in one round; accounts, statuses and notes of each in another. No reports, no rounds."""
    rows = fetch(strong=[key(Report, id, ITSELF) for id in report_ids]).all(Report)
    if not rows:
        return Reported()
    noted = _shared([[note_key(row.id, each.number) for each in row.notes] for row in rows])
    people = list(dict.fromkeys(id for row in rows for id in row.people))
    status_ids = list(dict.fromkeys(_shared([row.status_ids or () for row in rows])))
    around, besides = together(
        lambda: load_known(status_ids, people, None),
        lambda: fetch(strong=noted, eventual=[key(Secret, id, accounts.SECRET) for id in people]),
    )
    return Reported({row.id: row for row in rows}, around, {secret.id: secret for secret in besides.all(Secret)},
                    {(note.report_id, note.number): note for note in besides.all(Note)})


def _shared(lists: Sequence[Sequence[T]]) -> list[T]:
    """The first of each list, as many of each as all lists together may have."""
    most = next((most for most in SHARES if sum(min(len(each), most) for each in lists) <= MOST_SHOWN), SHARES[-1])
    return [each for one in lists for each in one[:most]]


def newest_ids(states: Sequence[str], count: int) -> list[str]:
    """The ids of the newest reports in these states, newest first. One round."""
    found: list[list[str]] = together(*[lambda state=state: _newest_ids(state, count) for state in states])
    return sorted((id for ids in found for id in ids), reverse=True)[:count]


def _newest_ids(state: str, count: int) -> list[str]:
    items = numbered.newest(Report, state, count, index="by_state")
    return [item["id"]["S"] for item in items]


def count_in(states: Sequence[str]) -> int:
    """How many reports are in these states."""
    found = fetch(strong=[counters.reports_key(state) for state in states])
    return sum(int(fact.number) for fact in found.all(Fact))


# What an account has filed.


def list_filed(account_id: str, *, above: str | None, below: str | None, ascending: bool, limit: int) -> list[Report]:
    """Reports by the account, strictly between two ids. Two rounds."""
    bounds = strictly_between(FiledReport.report_id, above, below)
    if bounds is NOTHING:
        return []
    rows = FiledReport.query(BY + account_id, bounds, consistent_read=True, scan_index_forward=ascending, limit=limit)
    ids = [row.report_id for row in rows]
    found = fetch(strong=[key(Report, id, ITSELF) for id in ids])
    return [report for id in ids if (report := found.get(Report, id, ITSELF)) is not None]


def forget_filed(account_id: str) -> int:
    """Delete what the account looks its reports up by, some hundred at a time. Answers how many there were."""
    rows = list(FiledReport.query(BY + account_id, consistent_read=True, limit=FORGOTTEN_AT_ONCE))
    write_batch(deletes=[FiledReport.stub(row.by, row.report_id) for row in rows])
    return len(rows)


# What the staff does.


def set_state(report: Report, state: str, entry: LoggedAct) -> None:
    """Bring a report into a state, count it there, and log it. Raises Overtaken."""
    try:
        with transaction() as write:
            taken = Report.taken.remove() if state == OPEN else Report.taken.set(int(time.time()))
            write.update(Report.stub(report.id, ITSELF), [Report.state.set(state), taken],
                         Report.id.exists() & (Report.state == report.state))
            if state != report.state:
                counters.count_report(write, report.state, -1)
                counters.count_report(write, state, 1)
            log.add(write, entry)
    except ConditionFailed as failed:
        raise Overtaken from failed


def next_note_number() -> int:
    return counters.next_number("note")


def add_note(report: Report, name: NoteName, content: str, at: int, entry: LoggedAct) -> None:
    """Write a note, and log it. Raises TooManyNotes."""
    room = Report.note_names.does_not_exist() | (size(Report.note_names) < MOST_NOTES)
    note = Note(*note_key(report.id, name.number)[1:], by=name.by, content=content, at=at)
    try:
        with transaction() as write:
            write.put(note, Note.report_id.does_not_exist())
            write.update(Report.stub(report.id, ITSELF), [Report.note_names.add({name.stored})],
                         Report.id.exists() & room, label="report")
            log.add(write, entry)
    except ConditionFailed as failed:
        raise TooManyNotes from failed


class TooManyNotes(Exception):
    """The report has as many notes as a report may have."""


def find_with_note(report_id: str, number: int) -> tuple[Report | None, Note | None]:
    wanted = note_key(report_id, number)
    found = fetch(strong=[key(Report, report_id, ITSELF), wanted])
    return found.get(Report, report_id, ITSELF), found.get(*wanted)


def remove_note(note: Note, entry: LoggedAct) -> bool:
    """Delete a note, and log it. False if it is gone."""
    gone = NoteName(note.number, note.by).stored
    try:
        with transaction() as write:
            write.delete(Note.stub(note.report_id, note.k), Note.report_id.exists())
            write.update(Report.stub(note.report_id, ITSELF), [Report.note_names.delete({gone})], Report.id.exists())
            log.add(write, entry)
    except ConditionFailed:
        return False
    return True


def find_subject(account_id: str, status_ids: Iterable[str]) -> tuple[Account | None, list[str]]:
    """The account to be reported, and those of these statuses that it wrote, in the order given. One round."""
    wanted = list(status_ids)
    found = fetch(strong=[accounts.profile_key(account_id), *map(status_key, wanted)])
    own = {status.id for status in found.all(Status) if status.account_id == account_id and not status.deleted}
    return accounts.in_found(found, account_id), [id for id in wanted if id in own]
