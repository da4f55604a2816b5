"""What administrators ask for: the jobs that do it, and the log's entry that it was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from ..dynamo.table import transaction
from ..jobs import Job
from . import log
from .log import LoggedAct


def ask(jobs: Iterable[Job], entry: LoggedAct) -> None:
    """Write all of it or nothing. Without jobs only the entry: for what there was nothing to do about."""
    with transaction() as write:
        for job in jobs:
            write.put(job)
        log.add(write, entry)
