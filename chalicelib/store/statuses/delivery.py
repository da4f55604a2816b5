"""What the deliver job writes and takes back: rows of timelines, of the feed of everything, of the search index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..accounts.accounts import PROFILE, Account
from ..dynamo.keys import Key, key
from ..dynamo.table import FoundRecords, Record, fetch, write_batch
from ..timelines import feeds
from ..timelines.feeds import FeedRow, HomeRow
from . import undelivered
from .statuses import Status

Rows = list[Record]


def find(ids: Iterable[tuple[str, str]]) -> list[Status]:
    """The statuses that are there, as their authors are, in one round.

    `ids`: of statuses with their authors'. Jobs of an older release do not name the author; then it takes two.
    """
    wanted = dict(ids)
    found = fetch(strong=_keys(wanted))
    if unnamed := {status.account_id for status in found.all(Status)} - set(wanted.values()):
        found = found.joined(fetch(strong=[key(Account, id, PROFILE) for id in unnamed]))
    return _there(found)


def find_undelivered(ids: Iterable[tuple[str, str]]) -> list[Status]:
    """As `find`, of those that are not delivered yet."""
    wanted = dict(ids)
    found = fetch(strong=[*_keys(wanted), *(undelivered.row_key(id) for id in wanted)])
    left = {row.id for row in found.all(HomeRow)}
    return [status for status in _there(found) if status.id in left]


def _keys(wanted: Mapping[str, str]) -> list[Key]:
    authors = {id for id in wanted.values() if id}
    return [*(key(Status, id) for id in wanted), *(key(Account, id, PROFILE) for id in authors)]


def _there(found: FoundRecords) -> list[Status]:
    authors = {account.id for account in found.all(Account) if not account.deleted}
    return [status for status in found.all(Status) if not status.deleted and status.account_id in authors]


def row_of_everything(status: Status) -> FeedRow:
    return feeds.row_of(status, FeedRow, "all")


def write(rows: Iterable[Record]) -> None:
    write_batch(puts=rows)


def take_back(rows: Iterable[Record]) -> None:
    write_batch(deletes=rows)
