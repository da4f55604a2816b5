"""Job rows, the outbox: work is written in the same transaction as its cause, so that no crash loses it.

The queue message only says "now". When a row is overdue and still here, the sweep sends its message again.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from .dynamo.attributes import BooleanAttribute, Document, NumberAttribute, UnicodeAttribute
from .dynamo.counting import count
from .dynamo.keys import key
from .dynamo.parallel import together
from .dynamo.table import Record, Table, fetch, named, update, write_batch

PATIENCE = 120  # seconds after which a job that should have run is sent again
LONGEST_PATIENCE = 6 * 3600
MOST_TRIES = 12
SHARDS = 4
AHEAD = 60  # seconds between two sweeps: timed jobs are sent that long before they are due


class DueJobs(GlobalSecondaryIndex["Job"]):
    """Jobs by the time they should run, in four shards."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    shard = UnicodeAttribute(hash_key=True, attr_name="q")
    due = NumberAttribute(range_key=True)


class Job(Record):
    """One piece of work. The id follows from the work, so that asking for it twice makes one row."""

    class Meta(Table):
        table_name = named("jobs")

    ABSENT = {"tries": 0, "timed": False}
    id = UnicodeAttribute(hash_key=True)
    kind = UnicodeAttribute()
    queue = UnicodeAttribute()
    payload = Document()
    cursor = Document(null=True)
    shard = UnicodeAttribute(attr_name="q", null=True)
    due = NumberAttribute()
    tries = NumberAttribute(null=True)
    timed = BooleanAttribute(null=True)
    by_due = DueJobs()


def row(id: str, kind: str, queue: str, payload: dict[str, Any], *, due_in: float = PATIENCE) -> Job:
    """A job row, to be put in the transaction that causes the work. The sweep sends it `due_in` seconds from now.

    A job due later than PATIENCE is *timed*: it is sent ahead with a delay of the queue, and so runs on the second.
    """
    shard = f"w#{zlib.crc32(id.encode()) % SHARDS}"
    due = int(time.time() + due_in)
    return Job(id, kind=kind, queue=queue, payload=payload, shard=shard, due=due, timed=due_in > PATIENCE)


def add(rows: Iterable[Job]) -> None:
    """Write jobs that no transaction causes, before their messages are sent."""
    write_batch(puts=rows)


def find(id: str) -> Job | None:
    return fetch(strong=[key(Job, id)]).get(Job, id)


def find_many(ids: Iterable[str]) -> set[str]:
    """Which of these jobs are still to be done, in one round."""
    return {job.id for job in fetch(strong=[key(Job, id) for id in ids]).all(Job)}


def done(ids: Iterable[str]) -> None:
    """Delete the rows of jobs that have finished or have nothing left to do."""
    write_batch(deletes=[Job.stub(id) for id in ids])


def cancel(ids: Iterable[str]) -> None:
    """Forget jobs that wait for their time. A job that runs at this moment is not stopped."""
    write_batch(deletes=[Job.stub(id) for id in ids])


def save_cursor(id: str, cursor: Any) -> bool:
    """Note how far the job has come. False when its row is gone."""
    return update(Job.stub(id), [Job.cursor.set(cursor), Job.due.set(int(time.time()) + PATIENCE)], Job.id.exists())


def advance(id: str, before: Any, after: Any) -> bool:
    """Move the cursor from one place to the next. False when it is elsewhere by now, or the row is gone.

    Of two runs of one job only one moves it. A job that moves is not stuck, so the sweep starts to wait anew.
    """
    there = Job.cursor.does_not_exist() if before is None else Job.cursor == before
    actions = [Job.cursor.set(after), Job.due.set(int(time.time()) + PATIENCE), Job.tries.remove()]
    return update(Job.stub(id), actions, Job.id.exists() & there)


def find_cursor(id: str) -> Any:
    """How far the job has come. None: it has noted nothing, or its row is gone."""
    row = find(id)
    return None if row is None else row.cursor


def cursors(ids: Iterable[str]) -> dict[str, Any]:
    """How far the jobs that are there have come, by id."""
    return {job.id: job.cursor for job in fetch(eventual=[key(Job, id) for id in ids]).all(Job)}


def touch(id: str) -> bool:
    """Say that the job is still at work, so that the sweep leaves it alone. False when its row is gone."""
    return update(Job.stub(id), [Job.due.set(int(time.time()) + PATIENCE)], Job.id.exists())


def postpone(id: str, seconds: float) -> bool:
    """Let the job wait: the sweep sends it when that time is over. False when its row is gone."""
    due = int(time.time() + seconds)
    return update(Job.stub(id), [Job.due.set(due), Job.timed.set(True), Job.tries.remove()], Job.id.exists())


def overdue(limit: int = 100) -> tuple[list[Job], list[Job]]:
    """Two lists: jobs that should have run by now with the timed ones of the next minute, and jobs now given up.

    Each job is taken, so that only one of two sweeps gets it.

    A job is sent again after 2, 4, 8 … minutes, so that repeats do not make a long queue longer. A job that never
    succeeds leaves the index in the end. Its row stays, as its message stays in the dead-letter queue.
    """
    now = int(time.time())
    soon = now + AHEAD
    ids = [
        each.id for found in together(*[lambda shard=shard: _due(shard, soon, limit) for shard in range(SHARDS)])
        for each in found
    ]
    due = [job for job in fetch(strong=[key(Job, id) for id in ids]).all(Job)
           if job.shard and job.due <= (soon if job.timed else now)]
    taken = together(*[lambda job=job: _take(job, now) for job in due])
    mine = [job for job, got in zip(due, taken, strict=True) if got]
    return [job for job in mine if job.tries < MOST_TRIES], [job for job in mine if job.tries >= MOST_TRIES]


def _due(shard: int, until: int, limit: int) -> list[Job]:
    return list(Job.by_due.query(f"w#{shard}", Job.due <= until, limit=limit))


def _take(job: Job, now: int) -> bool:
    unchanged = (Job.due == job.due) & Job.id.exists()
    if job.tries >= MOST_TRIES:
        return update(Job.stub(job.id), [Job.shard.remove()], unchanged)
    wait = min(PATIENCE * 2 ** int(job.tries), LONGEST_PATIENCE)
    return update(Job.stub(job.id), [Job.due.set(now + wait), Job.tries.add(1)], unchanged)


def count_waiting(limit: int = 1000) -> int:
    """How many job rows wait. At most `limit` of each shard are counted."""
    return sum(count(Job.by_due, f"w#{shard}", most=limit, strong=False) for shard in range(SHARDS))
