"""Changing an account: what to write is decided from the account as it is, and again if that has changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...store.accounts import profiles
from ...store.accounts.accounts import Account
from ...store.accounts.profiles import Known, Writing
from ..retrying import retried_from

Decide = Callable[[Account, dict[str, Any]], Writing]
"""Decides what to write, given the account and what frontends keep with it. It may be called more than once."""


def change(account: Account, decide: Decide, *, with_settings_store: bool = False) -> Account:
    """Write what `decide` says, all of it or nothing. Answers the changed account. Raises AccountGone."""
    def attempt(known: Known) -> Account:
        return profiles.write(known, decide(known.account, known.settings_store))

    return retried_from(profiles.known(account, with_settings_store=with_settings_store), attempt,
                        lambda: profiles.read_again(account.id, with_settings_store=with_settings_store))
