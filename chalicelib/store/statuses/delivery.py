"""What the deliver job writes and takes back: rows of timelines, of the feed of everything, of the search index."""

from __future__ import annotations

from collections.abc import Iterable

from ..accounts.accounts import PROFILE, Account
from ..dynamo.keys import key
from ..dynamo.table import Record, fetch, write_batch
from ..timelines import feeds
from ..timelines.feeds import FeedRow
from .statuses import Status

Rows = list[Record]


def find(ids: Iterable[tuple[str, str]]) -> list[Status]:
    """The statuses that are there, as their authors are, in one round.

    `ids`: of statuses with their authors'. Messages of an older release do not name the author; then it takes two.
    """
    wanted = dict(ids)
    authors = {id for id in wanted.values() if id}
    found = fetch(strong=[*(key(Status, id) for id in wanted), *(key(Account, id, PROFILE) for id in authors)])
    if unnamed := {status.account_id for status in found.all(Status)} - authors:
        found = found.joined(fetch(strong=[key(Account, id, PROFILE) for id in unnamed]))
    gone = {account.id for account in found.all(Account) if account.deleted}
    there = {account.id for account in found.all(Account)} - gone
    return [status for status in found.all(Status) if not status.deleted and status.account_id in there]


def row_of_everything(status: Status) -> FeedRow:
    return feeds.row_of(status, FeedRow, "all")


def write(rows: Iterable[Record]) -> None:
    write_batch(puts=rows)


def take_back(rows: Iterable[Record]) -> None:
    write_batch(deletes=rows)
