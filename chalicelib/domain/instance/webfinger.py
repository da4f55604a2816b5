"""Webfinger: tells other servers, and clients that look for an account, who is meant by `acct:nick@host`."""

from __future__ import annotations

import re

from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ..lookup import LONGEST_NAME, is_visible

_ACCT = re.compile(r"(?:acct:)?@?([^@/\s]+)@([^@/\s]+)")


def find(resource: str) -> Account | None:
    """The account of this server that a resource names.

    `acct:nick@host`, `nick@host`, both also with an `@` before the nickname, or its address: `BASE/users/nick`,
    `BASE/@nick`.
    """
    nickname = _nickname(resource.strip())
    if nickname is None or len(nickname) > LONGEST_NAME:
        return None
    account = accounts.find_by_nickname(nickname)
    return account if account is not None and not account.host and is_visible(account, None) else None


def _nickname(resource: str) -> str | None:
    for people in (f"{settings.base_url}/users/", f"{settings.base_url}/@"):
        if resource.startswith(people):
            nickname = resource.removeprefix(people).removesuffix("/")
            return nickname if nickname and "/" not in nickname else None
    named = _ACCT.fullmatch(resource)
    hosts = (settings.host.casefold(), settings.hostname.casefold())
    return named[1] if named is not None and named[2].casefold() in hosts else None
