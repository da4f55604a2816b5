"""Pins: the statuses shown first on a profile, a short list in the profile itself."""

from __future__ import annotations

from collections.abc import Sequence

from ..accounts.accounts import PROFILE, Account
from ..dynamo.table import ConditionFailed, transaction, update
from ..jobs import Job


def set_pins(account: Account, pins: list[str], jobs: Sequence[Job] = ()) -> bool:
    """Replace the list, with the work that follows, if it is still as in `account`. False when somebody was faster."""
    before = account.pins or None
    unchanged = Account.pins.does_not_exist() if before is None else Account.pins == before
    actions = [Account.pins.set(pins)] if pins else [Account.pins.remove()]
    stub, condition = Account.stub(account.id, PROFILE), Account.id.exists() & unchanged
    if not jobs:
        return update(stub, actions, condition)
    try:
        with transaction() as write:
            write.update(stub, actions, condition)
            for job in jobs:
                write.put(job)
    except ConditionFailed:
        return False
    return True
