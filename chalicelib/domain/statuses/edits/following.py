"""Following an edit: timelines, the search index and conversations are brought in line with it, and people are told.

Whom the edit names is told of a mention, and everybody of this server who reblogged or quoted the status is told that
it is another one now. All of it may run twice: what is written follows from the edit.
"""

from __future__ import annotations

from ....ids import flake_beside
from ....queues.queue import Again
from ....store import jobs
from ....store.quotes import changes
from ....store.relationships import subscriptions
from ....store.statuses import addressing, marks, statuses
from ....store.statuses import posting as store
from ....store.statuses.edits import versions
from ....store.statuses.edits.versions import Edit
from ....store.statuses.statuses import Status
from ... import events
from ...notifications import making
from ...retrying import retried
from ...search import index
from .. import fan_out, posting

MARKS_PER_PAGE = 100
QUOTES = "quotes "
"""What a cursor begins with once those who reblogged the status are told."""
PAGES_A_RUN = 20


def go_on(status_id: str, edit_id: str, job: str) -> Again | None:
    """Do what follows from an edit. `job`: its row holds how far those who reblogged the status are told."""
    status, left = statuses.find(status_id), versions.find(status_id, edit_id)
    if status is None or left is None:
        return None
    edit = versions.edit_in(left)
    after = jobs.find_cursor(job)
    if after is None:
        index.refresh([status])
        if versions.has_moved(left):
            fan_out.place_again([status])
        _serve(status, edit)
    for _ in range(PAGES_A_RUN):
        after = _tell_of_edit(status, edit, str(after) if after else None)
        if after is None or not jobs.save_cursor(job, after):
            return None
    return Again()


def _serve(status: Status, edit: Edit) -> None:
    """Place the status with those whom the edit addresses, as posting does, and tell them."""
    publication = posting.publication_of(status, edit.named, edit.id) if edit.named else None
    if publication is not None:
        retried(lambda: store.serve(publication, publication.addressed))
        events.tell(*events.told(publication.notices))


def _tell_of_edit(status: Status, edit: Edit, after: str | None) -> str | None:
    """Tell some of those who reblogged it, unless the edit names them. Answers where to go on, if there are more."""
    if after is not None and after.startswith(QUOTES):
        return _tell_quoting(status, edit, after.removeprefix(QUOTES))
    ids, following = marks.reblogging(status.id, after, MARKS_PER_PAGE)
    people = addressing.people([*ids, status.account_id], status.account_id).by_id if ids else {}
    author = people.get(status.account_id)
    if author is not None:
        notices = [making.notice("update", people[id], by=author.account, cause=edit.id, status=status)
                   for id in ids if id in people and id not in edit.named]
        made = [each for each in notices if each is not None]
        subscriptions.tell(made)
        events.tell(*events.told(made))
    return following or (QUOTES if status.quotes_count else None)


def _tell_quoting(status: Status, edit: Edit, after: str) -> str | None:
    """Tell some of those who quote it. Answers where to go on, if there are more."""
    rows = changes.quoting_rows(status.id, after or None, MARKS_PER_PAGE)
    quoting = [each for each in statuses.find_many(row.id for row in rows).values() if each.is_quote]
    people = addressing.people([status.account_id, *(each.account_id for each in quoting)], status.account_id).by_id
    author = people.get(status.account_id)
    if author is not None:
        notices = [making.notice("quoted_update", people[each.account_id], by=author.account,
                                 cause=flake_beside(edit.id, each.id), status=each)
                   for each in quoting if each.account_id in people]
        made = [each for each in notices if each is not None]
        subscriptions.tell(made)
        events.tell(*events.told(made))
    return f"{QUOTES}{rows[-1].id}" if len(rows) == MARKS_PER_PAGE else None
