"""The account by which the server itself speaks: it signs what the server fetches, and reports.

Nobody signs in with it, follows it or finds it, and no list, search or count has it. For that its row says that it is
deactivated. The row is written with the key pair, when that is first needed. Until then the account is the same, but
not stored.
"""

from __future__ import annotations

from ...ids import encode
from ...settings import settings
from ...store.accounts.accounts import PROFILE, Account
from .addresses import SERVER_NAME

ID = encode(1)


def account() -> Account:
    """The account. Nothing is read."""
    return Account(ID, PROFILE, nickname=SERVER_NAME, nickname_lower=SERVER_NAME, actor_type="Application",
                   locked=True, deactivated=True, doc={"display_name": settings.instance_name})


def is_server_actor(account: Account) -> bool:
    return bool(account.id == ID)
