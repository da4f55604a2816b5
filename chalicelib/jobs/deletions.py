"""Accounts that are deleted, alone or with all of their server, deactivated or activated again."""

from __future__ import annotations

from ..domain.accounts import deactivation, deletion
from ..domain.accounts.deletion import Unfinished
from ..domain.staff import purging
from ..queues.accounts import AccountDelete, AccountDisable, AccountEnable
from ..queues.federating import PurgeHost
from ..queues.queue import Again, Counts, RunElsewhere, job


@job(queue="timelines")
def account_delete(message: AccountDelete) -> Counts | Again:
    """Delete an account, a part in each run. Every step deletes what it finds: twice is harmless."""
    return _result(deletion.go_on(message.account_id))


@job(queue="timelines")
def account_disable(message: AccountDisable) -> Counts | Again:
    """Deactivate an account. A marker on each row says what was taken out of counters: twice is harmless."""
    return _result(deactivation.go_on_disabling(message.account_id))


@job(queue="timelines")
def account_enable(message: AccountEnable) -> Counts | Again:
    """Count an account again wherever it was taken out. Doing so removes the marker: twice is harmless."""
    return _result(deactivation.go_on_enabling(message.account_id))


@job(queue="timelines")
def host_purge(message: PurgeHost) -> Counts | Again | RunElsewhere:
    """Let a page of another server's accounts be deleted. Those for which it was asked already are left alone."""
    return purging.go_on(message)


def _result(done: Unfinished | int) -> Counts | Again:
    return Again(done.delay, {"items": done.items}) if isinstance(done, Unfinished) else {"items": done}
