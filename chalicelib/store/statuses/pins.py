"""Pins: the statuses shown first on a profile, a short list in the profile itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ..accounts.accounts import PROFILE, Account
from ..dynamo.table import ConditionFailed, transaction, update
from ..jobs import Job


def set_pins(account: Account, pins: list[str], jobs: Sequence[Job] = ()) -> bool:
    """Replace the list, with the work that follows, if it is still as in `account`. False when somebody was faster."""
    before = account.pins or None
    unchanged = Account.pins.does_not_exist() if before is None else Account.pins == before
    moments = _moments(account, pins)
    actions = [Account.pins.set(pins), Account.pinned_at.set(moments)] if pins else [
        Account.pins.remove(), Account.pinned_at.remove()]
    stub, condition = Account.stub(account.id, PROFILE), Account.id.exists() & unchanged
    if not jobs and not update(stub, actions, condition):
        return False
    if jobs and not _set_with(jobs, stub, actions, condition):
        return False
    account.pinned_at = moments
    return True


def _moments(account: Account, pins: Sequence[str]) -> dict[str, int]:
    """When each was pinned: now, if it was not there. Of older pins it is not known."""
    known, before = account.pinned_at or {}, account.pins or ()
    return {id: known.get(id, int(time.time())) for id in pins if id in known or id not in before}


def _set_with(jobs: Sequence[Job], stub: Account, actions: Sequence[Any], condition: Any) -> bool:
    try:
        with transaction() as write:
            write.update(stub, actions, condition)
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True
