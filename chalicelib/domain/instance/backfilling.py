"""Backfills: making derived rows again, for a whole table. An operator starts them (`make backfill`), never a request.

A job walks a table page by page. The job row holds where it is and how much it has looked at. All that is written has
keys that follow from what was read, or notes on each item that it was counted. So a page may be done twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...queues import messages, queue
from ...queues.instance import Backfill
from ...queues.queue import Again, Counts, RunElsewhere
from ...store import jobs
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.dynamo.walking import Walked
from ...store.signing_in import apps
from ...store.signing_in.apps import App
from ...store.statuses import counts, statuses
from ...store.timelines import filters
from ..accounts import birthdays
from ..retrying import retried_from
from ..search import index
from ..staff import directory
from ..statuses import fan_out
from ..timelines.filters import renew

A_RUN = 20.0
"""Seconds after which a run begins no other page. The last one takes a few more."""


@dataclass(frozen=True)
class Walk:
    """One table, and what is done with each page of it."""

    read: Callable[[Any], Walked[Any]]
    work: Callable[[Sequence[Any]], None]


def _find_again(found: Sequence[Account]) -> None:
    index.refresh_accounts(found)
    birthdays.refresh(found)


def _count_apps(found: Sequence[App]) -> None:
    retried_from(found, apps.count_late, lambda: apps.find_again(found))


WALKS: Mapping[str, Sequence[Walk]] = {
    "search": (Walk(statuses.walk, index.refresh), Walk(accounts.walk, _find_again)),
    "home": (Walk(statuses.walk, fan_out.place_again),),
    "statistics": (Walk(statuses.walk, counts.count_late), Walk(apps.walk, _count_apps)),
    "standings": (Walk(accounts.walk, directory.list_again),),
    "filters": (Walk(filters.walk, renew),),
}


def start(what: str) -> int | None:
    """Ask for a backfill. One that is under way, or was given up, goes on; then answers how much it has looked at."""
    wanted = Backfill(what)
    there = jobs.find(wanted.job)
    if there is None:
        jobs.add([messages.outbox(wanted)])
    queue.send(wanted)
    return None if there is None else _looked_at(there.cursor)


def progress() -> dict[str, int]:
    """How many items each backfill that is under way has looked at."""
    cursors = jobs.cursors(Backfill(what).job for what in WALKS)
    return {what: _looked_at(cursors[Backfill(what).job]) for what in WALKS if Backfill(what).job in cursors}


def _looked_at(cursor: Any) -> int:
    return int(cursor["looked_at"]) if cursor else 0


def go_on(message: Backfill) -> Again | RunElsewhere | Counts:
    """Do pages, for as long as a run may take."""
    end = time.monotonic() + A_RUN
    walks = WALKS.get(message.what, ())
    before = jobs.find_cursor(message.job)
    cursor: dict[str, Any] = before or {"walk": 0, "after": None, "looked_at": 0}
    while cursor["walk"] < len(walks):
        walk = walks[cursor["walk"]]
        page = walk.read(cursor["after"])
        walk.work(page.records)
        cursor = {"walk": cursor["walk"] + (page.after is None), "after": page.after,
                  "looked_at": cursor["looked_at"] + len(page.records)}
        if not jobs.advance(message.job, before, cursor):
            return RunElsewhere()
        before = cursor
        if time.monotonic() >= end:
            return Again(counts={"looked_at": cursor["looked_at"]})
    return {"looked_at": cursor["looked_at"]}
