"""Changing an account: what is to be written is decided on the account as it stands, and decided anew when it moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...store.accounts import profiles
from ...store.accounts.accounts import Account
from ...store.accounts.profiles import Known, Writing
from ..retrying import retried_from

Decide = Callable[[Account, dict[str, Any]], Writing]
"""Given the account and what frontends keep with it: what to write. It may be asked again."""


def change(account: Account, decide: Decide, *, with_settings_store: bool = False) -> Account:
    """Write what `decide` makes of the account: all of it or nothing. The account as it then is. Raises AccountGone."""
    def attempt(known: Known) -> Account:
        return profiles.write(known, decide(known.account, known.settings_store))

    return retried_from(profiles.known(account, with_settings_store=with_settings_store), attempt,
                        lambda: profiles.read_again(account.id, with_settings_store=with_settings_store))
