"""Backups: building them step by step, and deleting them when their time is over. On the queue `archives`."""

from __future__ import annotations

from typing import Any

from ..domain.backups import building
from ..queues.accounts import BackupBuild, BackupPurge
from ..queues.queue import Again, Counts, RunElsewhere, job


@job(queue="archives")
def backup_build(message: BackupBuild) -> Counts | Again | RunElsewhere:
    """Build a backup, some thousand entries in each run. Only one run can move the cursor, so twice is harmless."""
    step = building.go_on(message)
    counts: dict[str, Any] = {"backup_id": message.backup_id, "entries": step.entries}
    if step.outcome == "more":
        return Again(counts=counts)
    return RunElsewhere(counts) if step.outcome == "overtaken" else {**counts, "outcome": step.outcome}


@job(queue="archives")
def backup_purge(message: BackupPurge) -> Counts:
    """Delete a backup whose time is over. It deletes what it finds: twice is harmless."""
    building.purge(message)
    return {"backup_id": message.backup_id}
