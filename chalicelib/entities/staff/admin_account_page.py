"""Admin accounts, and a page of them with how many there are in all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from ...store.accounts.accounts import WithSecret
from .admin_account import AdminAccount, render_admin_account


class AdminAccounts(TypedDict):
    users: list[AdminAccount]


class AdminAccountPage(AdminAccounts):
    count: int
    page_size: int


def render_admin_accounts(accounts: Iterable[WithSecret]) -> list[AdminAccount]:
    """For the staff only. Reads nothing."""
    return [render_admin_account(*each) for each in accounts]
