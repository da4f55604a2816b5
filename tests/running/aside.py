"""Works on the data of a stage that is not running, in a process of its own: `python -m tests.running.aside WHAT`.

    people NUMBER     makes so many accounts: person0, person1 …
    hurry             makes every job row due at once, as if its two minutes were over
    recount           counts everything anew, and says what does not agree
    late NUMBER       answers so many transactions, and counts those that came into DynamoDB Local's file only later
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.environment import data_folder
from infra.local.stage import local_stage

BASE_URL = "http://127.0.0.1:1"


def main(what: str, *arguments: str) -> None:
    with local_stage(data_folder(), BASE_URL):
        from infra.local.seed import seed

        seed()
        acts: dict[str, Callable[..., Any]] = {"people": people, "hurry": hurry, "recount": recount, "late": late}
        done = acts[what](*arguments)
        sys.stdout.write(json.dumps(done) + "\n")


def people(number: str) -> list[str]:
    """Make accounts. Answers their ids."""
    from tests.cast import Cast

    return [person.id for person in Cast().people(int(number))]


def hurry() -> int:
    """Make every job row due, and a job of each status that is not delivered. Answers how many there are."""
    from chalicelib.domain.statuses import fan_out
    from chalicelib.store import jobs
    from chalicelib.store.dynamo import table
    from chalicelib.store.statuses import undelivered

    setattr(undelivered, "PATIENCE", 0)  # noqa: B010  (a constant for everybody else)
    while fan_out.take_up_overdue():
        pass

    rows = list(jobs.Job.scan(consistent_read=True))
    for row in rows:
        table.update(jobs.Job.stub(row.id), [jobs.Job.due.set(1)])
    return len(rows)


def recount() -> dict[str, Any]:
    from tests.running.recount import Recount

    return Recount().report()


def late(number: str) -> int:
    from chalicelib.store.accounts.claims import Claim
    from chalicelib.store.dynamo import table

    file = data_folder() / "dynamodb-local" / "shared-local-instance.db"
    missed = 0
    for turn in range(int(number)):
        with table.transaction() as write:
            for side in "ab":
                write.put(Claim(f"{turn}{side}", id=side))
        missed += f'{{"key":{{"S":"{turn}b"}}' not in _claims(file)
    return missed


def _claims(file: Path) -> str:
    """All that is committed. A file in the middle of a commit shows nothing."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=0)) as database:
            rows = database.execute('SELECT ObjectJSON FROM "kenoma-claims"')
            return " ".join(content.decode() for (content,) in rows)
    except sqlite3.OperationalError:
        return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
