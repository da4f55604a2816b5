"""Pins: the statuses shown first on a profile, a short list in the profile itself."""

from __future__ import annotations

from ..accounts.accounts import PROFILE, Account
from ..dynamo.table import update


def set_pins(account: Account, pins: list[str]) -> bool:
    """Replace the list, if it is still as in `account`. False when somebody was faster."""
    before = account.pins or None
    unchanged = Account.pins.does_not_exist() if before is None else Account.pins == before
    actions = [Account.pins.set(pins)] if pins else [Account.pins.remove()]
    return update(Account.stub(account.id, PROFILE), actions, Account.id.exists() & unchanged)
