"""Writing and taking back a status: the transactions that keep feeds, counters and notifications in step with it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from pynamodb.expressions.condition import Condition

from ..accounts.claims import Claim, is_free
from ..dynamo.failures import Overtaken
from ..dynamo.table import ConditionFailed, Writes, transaction, write_batch
from ..jobs import Job
from ..mail import letters
from ..media.uploads import CHANGED, STATUS, Upload, UploadsChanged, place, show_in
from ..notifications import notifications
from ..notifications.notifications import Notice
from ..staff import log
from ..staff.log import LoggedAct
from ..timelines import conversations, feeds
from ..timelines.feeds import ADDRESSED, SELF, HomeRow
from . import counts, scheduled, undelivered
from .scheduled import Scheduled
from .statuses import Status

CLAIM = "claim"
ADDRESSED_AT_ONCE = 15
"""How many addressed accounts get their rows together with the status. The deliver job writes those of the others."""


class ParentGone(Exception):
    """The status replied to was deleted while the reply was on its way."""


class QuotedGone(Exception):
    """The status that is quoted was deleted while the quote was on its way."""


@dataclass(frozen=True)
class Entry:
    """How a status changes one account's entry of the conversation. `unread`: None leaves the mark as it is."""

    account_id: str
    number: int
    unread: bool | None


@dataclass(frozen=True)
class Publication:
    """A status with what must be there when the reply is sent."""

    status: Status
    addressed: Sequence[str] = ()
    notices: Sequence[Notice] = ()
    entries: Sequence[Entry] = ()
    people: frozenset[str] = field(default_factory=frozenset)
    jobs: Sequence[Job] = ()
    scheduled: Scheduled | None = None
    """The scheduled entry that becomes this status. It is deleted in the same transaction."""
    uploads: Sequence[Upload] = ()
    """What the status shows. Each of them learns where."""
    claim: Claim | None = None
    """That of the uri of a status of another server. It is put in the same transaction, if there is none."""
    quote: Notice | None = None
    """What the author of the quoted status is told."""
    once: str | None = None
    """A name for what may be posted only once within a day. It is noted in the same transaction."""

    @property
    def notices_at_once(self) -> list[Notice]:
        """The notices that are written with the status itself."""
        at_once = {self.status.account_id, *self.addressed[:ADDRESSED_AT_ONCE]}
        notices = [notice for notice in self.notices if notice.account_id in at_once]
        return [*notices, self.quote] if self.quote is not None else notices

    @property
    def notices_later(self) -> list[Notice]:
        """The notices that the deliver job writes."""
        late = set(self.addressed[ADDRESSED_AT_ONCE:])
        return [notice for notice in self.notices if notice.account_id in late]


class KnownAlready(Exception):
    """Something with this uri was stored before, or by another request meanwhile."""


class Withdrawn(Exception):
    """The scheduled entry was cancelled, changed or published while it was about to be posted."""


def publish(publication: Publication) -> None:
    """Write all of it or nothing, with the jobs that follow.

    Raises ParentGone when the parent is gone, QuotedGone when what it quotes is, Withdrawn when the scheduled entry is,
    UploadsChanged, DoneBefore, and KnownAlready. Raises Overtaken if a status that ends would outlive what it answers
    or quotes, which is kept by now.
    """
    status = publication.status
    status.shard = feeds.shard_for(status)
    try:
        with transaction() as write:
            counts.count(write, status)
            write.put(status, Status.id.does_not_exist(), label="status")
            for row in feeds.rows_at_once(status):
                write.put(row)
            _for_the_author(write, publication)
            _for_the_addressed(write, publication)
            for each in publication.jobs:
                write.put(each)
            if publication.scheduled is not None:
                scheduled.remove_in(write, publication.scheduled)
            if publication.once is not None:
                letters.done_in(write, publication.once)
            show_in(write, publication.uploads, place(STATUS, status.id))
    except ConditionFailed as failed:
        meaning = _meaning(failed.labels)
        if meaning in (ParentGone, QuotedGone) and status.ttl is not None:
            meaning = Overtaken
        if meaning is None:
            raise
        raise meaning from failed


def _meaning(labels: Container[str]) -> type[Exception] | None:
    """What it means that the writes with these labels failed."""
    meanings: dict[str, type[Exception]] = {
        scheduled.ENTRY: Withdrawn, letters.DONE_BEFORE: letters.DoneBefore, counts.PARENT: ParentGone,
        counts.QUOTED: QuotedGone, CHANGED: UploadsChanged, CLAIM: KnownAlready,
    }
    return next((meaning for label, meaning in meanings.items() if label in labels), None)


def _for_the_author(write: Writes, publication: Publication) -> None:
    """The author's own timelines, and that the status is to be delivered; or that the uri of another server is known.
    """
    status = publication.status
    if publication.claim is not None:
        write.put(publication.claim, is_free(), label=CLAIM)
    if status.host is None:
        write.put(feeds.home_row(status, status.account_id, SELF))
        write.put(undelivered.row_of(status))
    if status.list_id is not None:
        write.put(feeds.direct_row(status, status.account_id))


def _for_the_addressed(write: Writes, publication: Publication) -> None:
    status = publication.status
    for account_id in publication.addressed[:ADDRESSED_AT_ONCE]:
        write.put(feeds.home_row(status, account_id, ADDRESSED))
    at_once = {status.account_id, *publication.addressed[:ADDRESSED_AT_ONCE]}
    for notice in publication.notices_at_once:
        notifications.tell(write, notice)
    for entry in publication.entries:
        if entry.account_id in at_once:
            _bump(write, publication, entry)
            write.put(feeds.direct_row(status, entry.account_id))


def _bump(write: Writes, publication: Publication, entry: Entry, condition: Condition | None = None) -> None:
    participation, actions = conversations.bump(
        entry.account_id, entry.number, publication.status, set(publication.people), entry.unread)
    write.update(participation, actions, condition)


def serve_the_rest(publication: Publication) -> None:
    """Write what `publish` left for later: the rows of further addressed accounts. Doing it twice changes nothing."""
    serve(publication, publication.addressed[ADDRESSED_AT_ONCE:])


def serve(publication: Publication, wanted: Sequence[str]) -> None:
    """Write the rows of addressed accounts: at home, in conversations, among notifications. Twice changes nothing.

    A conversation that has gone on by then stays where it is. Raises Overtaken if that happens at this moment.
    """
    status = publication.status
    rows: list[HomeRow] = [feeds.home_row(status, account_id, ADDRESSED) for account_id in wanted]
    entries = [entry for entry in publication.entries if entry.account_id in set(wanted)]
    newer = conversations.find_newer(status, {entry.account_id: entry.number for entry in entries})
    for start in range(0, len(wanted), 25):
        chunk = set(wanted[start:start + 25])
        _serve(publication, chunk, [entry for entry in entries if entry.account_id in chunk - newer])
    rows += [feeds.direct_row(status, entry.account_id) for entry in entries]
    write_batch(puts=rows)


def _serve(publication: Publication, chunk: Container[str], entries: Sequence[Entry]) -> None:
    notices = notifications.not_held_yet([each for each in publication.notices if each.account_id in chunk])
    try:
        with transaction() as write:
            for notice in notices:
                notifications.tell(write, notice)
            for entry in entries:
                _bump(write, publication, entry, conversations.is_not_newer(publication.status))
    except ConditionFailed as failed:
        raise Overtaken from failed


def bury(status: Status, jobs: Sequence[Job], entry: LoggedAct | None = None, *, quoted_gone: bool = False) -> bool:
    """Make the status a tombstone and take it out of every shared feed at once. False when it is one already.

    `entry`: what is logged, if it is an act of the staff. Raises Overtaken if its visibility, or what counts it, has
    changed since it was read.
    """
    gone = [
        Status.deleted.set(True), Status.doc.remove(), Status.favourites_count.remove(), Status.reblogs_count.remove(),
        Status.replies_count.remove(), Status.quotes_count.remove(), Status.reactions.remove(),
        Status.reactors.remove(), Status.counted.remove(), Status.in_statistics.remove(),
    ]
    try:
        with transaction() as write:
            alive = Status.id.exists() & Status.deleted.does_not_exist()
            write.update(Status.stub(status.id), gone, alive & counts.as_read(status), label="status", old=True)
            for row in feeds.permanent_rows(status):
                write.delete(row)
            if status.host is None:
                write.delete(HomeRow.stub(f"h#{status.account_id}", status.id))
            counts.uncount(write, status, quoted_gone=quoted_gone)
            for job in jobs:
                write.put(job)
            if entry is not None:
                log.add(write, entry)
    except ConditionFailed as failed:
        if counts.PARENT in failed.labels:
            status.parent_id = None
            return bury(status, jobs, entry, quoted_gone=quoted_gone)
        if counts.QUOTED in failed.labels:
            return bury(status, jobs, entry, quoted_gone=True)
        if "status" in failed.labels:
            now = failed.old.get("status", {})
            if now and Status.deleted.attr_name not in now:
                raise Overtaken from failed
            return False
        raise
    return True
