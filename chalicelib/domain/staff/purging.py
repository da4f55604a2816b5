"""Purging another server: everything of its accounts that is stored here goes, by a job, page by page.

Each account is deleted as if its own server had said so, except that it may be met again. Who wants to keep it out
rejects the host besides (`host_policies.py`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ... import host_list
from ...queues import queue
from ...queues.federating import PurgeHost
from ...queues.messages import outbox
from ...queues.queue import Again, Counts, RunElsewhere
from ...settings import settings
from ...store import jobs
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.federation import host_rows
from ...store.staff import asking
from ..accounts import deletion
from ..refusals import BadRequest, NotFound
from . import log
from .acting import Administrator

A_RUN = 30.0
"""Seconds after which a run lets the next one go on."""


def purge(instance: str, admin: Administrator) -> None:
    """Ask for everything of a host to be deleted. Raises NotFound if it is no host of which an account is here, and
    BadRequest for our own.
    """
    host = host_list.normal(instance)
    if host is None or host.startswith(host_list.BELOW):
        raise NotFound("Not found")
    if host in (settings.host.casefold(), settings.hostname.casefold()):
        raise BadRequest("This server cannot be purged")
    if host_rows.find(host).met is None:
        raise NotFound("Not found")
    wanted = PurgeHost(host)
    asking.ask([outbox(wanted)], log.purged(admin, host))
    queue.send(wanted)


def go_on(message: PurgeHost) -> Again | RunElsewhere | Counts:
    """Let the accounts of the host be deleted, some pages in each run.

    The host counts as unknown before the first page is read, so an account that is stored later makes it known again.
    """
    end = time.monotonic() + A_RUN
    before = jobs.find_cursor(message.job)
    if before is None:
        host_rows.leave(message.host)
    cursor: dict[str, Any] = before or {"after": None, "found": 0}
    while True:
        page = accounts.walk_host(message.host, cursor["after"])
        _delete(page.records)
        cursor = {"after": page.after, "found": cursor["found"] + len(page.records)}
        if page.after is None:
            return {"found": cursor["found"]}
        if not jobs.advance(message.job, before, cursor):
            return RunElsewhere()
        before = cursor
        if time.monotonic() >= end:
            return Again(counts={"found": cursor["found"]})


def _delete(found: Sequence[Account]) -> None:
    """Ask for each to be deleted for which nobody has asked yet."""
    asked = deletion.find_asked(found) if found else set()
    deletion.begin(*(account.id for account in found if account.id not in asked))
