"""Account as the staff sees it: what everybody sees, and what only administration knows, merged."""

from __future__ import annotations

from ...store.accounts.accounts import Account as Record
from ...store.accounts.accounts import Secret
from ..staff.admin_account import OfStaff, bare_name, of_staff
from .account import AccountParts, arrange_account


class MergedAccount(AccountParts, OfStaff):
    """All keys of an account, and all of an admin account."""


def render_merged_account(account: Record, secret: Secret | None) -> MergedAccount:
    """For the staff only. Reads nothing."""
    shown = arrange_account(account, None)
    parts: AccountParts = shown
    return {**parts, "display_name": bare_name(shown), **of_staff(account, secret)}
