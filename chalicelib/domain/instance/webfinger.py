"""Webfinger: tells other servers, and clients that look for an account, who is meant by `acct:nick@host`.

The server itself has two names: that of the account by which it speaks, and its host twice, which Mastodon asks for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...settings import settings
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ..federation import addresses
from ..lookup import LONGEST_NAME, is_visible

_ACCT = re.compile(r"(?:acct:)?@?([^@/\s]+)@([^@/\s]+)")


@dataclass(frozen=True)
class Meant:
    """Whom a resource names: by its address, and by its name at `domain`. `has_page`: whether people can follow it."""

    nickname: str
    domain: str
    address: str
    has_page: bool = True


def find(resource: str) -> Meant | None:
    """Who of this server a resource names.

    `acct:nick@host`, `nick@host`, both also with an `@` before the nickname, or its address: `BASE/users/nick`,
    `BASE/@nick`. The name that is told has the port of this server if the resource has it.
    """
    resource = resource.strip()
    if resource.removesuffix("/") == addresses.of_server_actor():
        return _server(settings.host)
    nickname, domain = _named(resource)
    if nickname is None or len(nickname) > LONGEST_NAME:
        return None
    if nickname.casefold() in (addresses.SERVER_NAME, *_hosts()):
        return _server(domain)
    account = accounts.find_by_nickname(nickname)
    return _meant(account, domain) if account is not None and not account.host else None


def _server(domain: str) -> Meant:
    return Meant(addresses.SERVER_NAME, domain, addresses.of_server_actor(), has_page=False)


def _meant(account: Account, domain: str) -> Meant | None:
    return Meant(account.nickname, domain, account.uri) if is_visible(account, None) else None


def _named(resource: str) -> tuple[str | None, str]:
    """The nickname that a resource names, and the name of this server beside it."""
    for people in (f"{settings.base_url}/users/", f"{settings.base_url}/@"):
        if resource.startswith(people):
            nickname = resource.removeprefix(people).removesuffix("/")
            return (nickname if nickname and "/" not in nickname else None), settings.host
    named = _ACCT.fullmatch(resource)
    if named is None or named[2].casefold() not in _hosts():
        return None, ""
    return named[1], settings.host if named[2].casefold() == settings.host.casefold() else settings.hostname


def _hosts() -> tuple[str, str]:
    return settings.host.casefold(), settings.hostname.casefold()
