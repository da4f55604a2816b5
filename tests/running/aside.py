"""The data of a stage that is not running, seen by a process of its own: `python -m tests.running.aside WHAT`.

    people NUMBER     makes so many accounts: person0, person1 …
    hurry             makes every job row due at once, as if its two minutes of patience were over
    recount           counts everything anew, and says what does not agree
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from infra.local.environment import data_folder
from infra.local.stage import local_stage

BASE_URL = "http://127.0.0.1:1"


def main(what: str, *arguments: str) -> None:
    with local_stage(data_folder(), BASE_URL):
        from infra.local.seed import seed

        seed()
        acts: dict[str, Callable[..., Any]] = {"people": people, "hurry": hurry, "recount": recount}
        done = acts[what](*arguments)
        sys.stdout.write(json.dumps(done) + "\n")


def people(number: str) -> list[str]:
    """Their ids."""
    from tests.cast import Cast

    return [person.id for person in Cast().people(int(number))]


def hurry() -> int:
    """How many job rows there are."""
    from chalicelib.store import jobs
    from chalicelib.store.dynamo import table

    rows = list(jobs.Job.scan(consistent_read=True))
    for row in rows:
        table.update(jobs.Job.stub(row.id), [jobs.Job.due.set(1)])
    return len(rows)


def recount() -> dict[str, Any]:
    from tests.running.recount import Recount

    return Recount().report()


if __name__ == "__main__":
    main(*sys.argv[1:])
