"""Reading an account's notifications: pages, one by id, marking as read, deleting.

The account's state `U` is read with the token. Everything written up to the watermark has been read. Everything up to
the number `cleared` counts as deleted, while a job still deletes it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..accounts import accounts
from ..accounts.accounts import State
from ..dynamo import ahead
from ..dynamo.keys import Key, key
from ..dynamo.parallel import together
from ..dynamo.stretches import Stretch
from ..dynamo.table import ConditionFailed, fetch, remove, transaction, update, write_batch
from ..jobs import Job
from ..statuses.surroundings import Eyes, Surroundings, load_known
from ..statuses.visibilities import PRIVATE
from . import held
from .notifications import TYPES, Notification, type_and_id, write_time

LARGEST = 2**53
AT_ONCE = 1000
OF_THEIR_STATUSES = {TYPES[type] for type in ("mention", "status", "poll", "update", "quote", "quoted_update")}
"""Types that are about a status of who caused them. The others are about one of the viewer's, if about any."""
NEWEST = 100
AT_A_TIME = 8
LONGEST_NUMBER = 20
SETTLED_AFTER = 60
"""Seconds. No notification turns up that says it was written longer ago than this."""


def state_key(account_id: str) -> Key:
    return key(State, account_id, accounts.STATE)


def notification_key(account_id: str, number: int) -> Key:
    return key(Notification, account_id, number)


def state_of(account_id: str) -> State:
    """The account's state `U`, read ahead or now."""
    wanted = [state_key(account_id)]
    found = ahead.take(wanted)
    found = fetch(strong=wanted) if found is None else found
    return found.get(State, account_id, accounts.STATE) or State.blank(account_id, accounts.STATE)


def number_in(id: str) -> int | None:
    """The number in an id. None for what is no id of a notification."""
    return int(id) if id.isascii() and id.isdigit() and len(id) <= LONGEST_NUMBER else None


def find(account_id: str, number: int) -> Notification | None:
    """One notification, read ahead or now."""
    wanted = [notification_key(account_id, number)]
    found = ahead.take(wanted)
    found = fetch(strong=wanted) if found is None else found
    return found.get(Notification, account_id, number)


def find_many(account_id: str, numbers: Sequence[int]) -> list[Notification]:
    """The notifications that exist, in the order given."""
    found = fetch(strong=[notification_key(account_id, number) for number in numbers])
    rows = [found.get(Notification, account_id, number) for number in numbers]
    return [row for row in rows if row is not None]


def is_there(row: Notification, state: State) -> bool:
    """Whether it is neither cleared nor expired. DynamoDB deletes such rows late."""
    return bool(row.id > state.cleared and (row.ttl is None or row.ttl > time.time()))


# Pages.


def read(account_id: str, *, above: int, below: int, ascending: bool, limit: int,
         by: str | None = None) -> Stretch[Notification]:
    """One query: notifications strictly between two numbers. `by`: of those, only the ones this account caused."""
    if above + 1 > below - 1:
        return Stretch([], None)
    results = Notification.query(
        account_id, Notification.id.between(above + 1, below - 1), Notification.by == by if by else None,
        consistent_read=True, scan_index_forward=ascending, page_size=limit,
    )
    return _one_page(results)


def read_type(account_id: str, letter: str, *, above: int, below: int, ascending: bool,
              limit: int) -> Stretch[Notification]:
    """As `read`, of one type only."""
    if above + 1 > below - 1:
        return Stretch([], None)
    lowest, highest = type_and_id(letter, above + 1), type_and_id(letter, below - 1)
    results = Notification.by_type.query(
        account_id, Notification.type_and_id.between(lowest, highest), consistent_read=True,
        scan_index_forward=ascending, page_size=limit,
    )
    return _one_page(results)


def _one_page(results: Any) -> Stretch[Notification]:
    """What one call brings. PynamoDB's own iteration would call again until it has enough rows."""
    page = next(results.page_iter, None) or {}
    last = page.get("LastEvaluatedKey")
    return Stretch([Notification.from_raw_data(item) for item in page.get("Items", ())],
                   last["nid"]["N"] if last else None)


def read_types(account_id: str, letters: Iterable[str], *, above: int, below: int, ascending: bool,
               limit: int) -> Stretch[Notification]:
    """As `read`, of some types only. Each type has a query, all at the same time. Merged as far as all have looked."""
    stretches: list[Stretch[Notification]] = together(*[
        lambda letter=letter: read_type(account_id, letter, above=above, below=below, ascending=ascending, limit=limit)
        for letter in letters
    ])
    ends = [int(each.end) for each in stretches if each.end is not None]
    end = (min(ends) if ascending else max(ends)) if ends else None
    rows = [row for each in stretches for row in each.rows
            if end is None or (row.id <= end if ascending else row.id >= end)]
    return Stretch(sorted(rows, key=lambda row: int(row.id), reverse=not ascending), None if end is None else str(end))


def load(rows: Sequence[Notification], eyes: Eyes, *, with_relations: bool) -> Surroundings:
    """Everything around the notifications, in one round. `with_relations`: also how the viewer stands to who did it."""
    people = {row.by for row in rows} | {row.target for row in rows if row.target}
    private = {row.by for row in rows if row.visibility == PRIVATE and row.type in OF_THEIR_STATUSES}
    status_ids = list(dict.fromkeys(row.status for row in rows if row.status))
    return load_known(status_ids, people - {eyes.id}, eyes,
                      relations_with={row.by for row in rows} if with_relations else private,
                      quoted={row.quoted: row.quoted_by or "" for row in rows if row.quoted}.items())


def newest(account_id: str) -> Sequence[Notification]:
    """The latest hundred."""
    return read(account_id, above=-1, below=LARGEST, ascending=False, limit=NEWEST).rows


# Reading.


@dataclass(frozen=True)
class Unread:
    id: int
    written: int


def unread_up_to(account_id: str, watermark: int) -> list[Unread]:
    """Everything unread, also what does not count, in the order of writing. Usually one round."""
    index = Notification.by_unread
    counted, uncounted = together(
        lambda: list(index.query(account_id, Notification.unread > watermark, consistent_read=True)),
        lambda: list(index.query(account_id, Notification.unread < -watermark, consistent_read=True)),
    )
    rows = [Unread(int(row.id), abs(int(row.unread))) for row in [*counted, *uncounted]]
    return sorted(rows, key=lambda row: row.written)


def mark_read(account_id: str, number: int) -> Notification | None:
    """Mark one as read. Answers the changed notification, None when there is none."""
    row = Notification.stub(account_id, number)
    alive = Notification.account.exists() & (Notification.ttl.does_not_exist() | (Notification.ttl > int(time.time())))
    return row if update(row, [Notification.unread.remove()], alive) else None


def mark_all_read(account_id: str, unread: Sequence[Unread], up_to: int, watermark: int) -> None:
    """Of all `unread`, mark as read those whose number is at most `up_to`.

    The watermark rises as far as it can: below the first that stays unread, and not into the last minute, because
    others of that time may still turn up. The rest is marked one by one.
    """
    staying = min((each.written for each in unread if each.id > up_to), default=None)
    settled = write_time() - SETTLED_AFTER * 1000 * 4096
    wanted = [each for each in unread if each.id <= up_to]
    level = max((each.written for each in wanted
                 if each.written <= settled and (staying is None or each.written < staying)), default=watermark)
    if level > watermark:
        update(State.stub(account_id, accounts.STATE), [State.watermark.set(level)],
               State.watermark.does_not_exist() | (State.watermark < level))
    rest = [each for each in wanted if each.written > level]
    for start in range(0, len(rest), AT_A_TIME):
        together(*[lambda id=each.id: mark_read(account_id, id) for each in rest[start:start + AT_A_TIME]])


# Deleting.


def dismiss(account_id: str, number: int) -> bool:
    """Delete one. False when there is none."""
    return remove(Notification.stub(account_id, number), Notification.account.exists())


def dismiss_many(account_id: str, numbers: Iterable[int]) -> None:
    """Delete those of these numbers that the account has."""
    write_batch(deletes=[Notification.stub(account_id, number) for number in dict.fromkeys(numbers)])


def delete_some(account_id: str, up_to: int = LARGEST) -> list[int]:
    """Delete the newest thousand of those up to a number, with the requests of those held back. Answers their numbers.
    """
    rows = list(Notification.query(account_id, Notification.id.between(0, up_to), consistent_read=True,
                                   scan_index_forward=False, limit=AT_ONCE,
                                   attributes_to_get=["acct", "nid", "by", "quiet"]))
    requests = [held.stub(account_id, sender) for sender in sorted({str(row.by) for row in rows if row.is_held})]
    write_batch(deletes=[*(Notification.stub(account_id, row.id) for row in rows), *requests])
    return [int(row.id) for row in rows]


def hide(account_id: str, up_to: int, job: Job) -> None:
    """Hide everything up to a number, until the job has deleted it."""
    try:
        with transaction() as write:
            write.update(State.stub(account_id, accounts.STATE), [State.cleared.set(up_to)],
                         State.cleared.does_not_exist() | (State.cleared <= up_to))
            write.put(job)
    except ConditionFailed:
        return  # another request has cleared more
