"""Audience: whom a document addresses, by its visibility, in the fields `to` and `cc`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ....settings import settings
from ....store.accounts.accounts import Account
from ....store.statuses.statuses import Status, uri_of
from ....store.statuses.visibilities import DIRECT, LOCAL, PRIVATE, PUBLIC, UNLISTED
from .. import addresses
from .context import EVERYBODY

Audience = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Others:
    """Accounts and statuses that a document names, by id, if they are not of this server.

    Those of this server need not be here: their addresses follow from the nickname, or from the id.
    """

    accounts: Mapping[str, Account] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)

    def account(self, id: str, acct: str) -> str:
        known = self.accounts.get(id)
        return known.uri if known is not None else addresses.of_account(acct)

    def status(self, id: str) -> str:
        known = self.statuses.get(id)
        return known.uri if known is not None else uri_of(id)


NO_OTHERS = Others()


def followers_of(account: Account) -> str:
    return f"{account.uri}/followers"


def audience(visibility: str, author: Account, people: list[str]) -> Audience:
    """Who is addressed (`to`), and who gets a copy (`cc`). What is for a list names nobody here."""
    followers = [followers_of(author)]
    here = f"{settings.base_url}/#Public"
    known: dict[str, Audience] = {
        PUBLIC: ([EVERYBODY, *people], followers), UNLISTED: ([*followers, *people], [EVERYBODY]),
        PRIVATE: ([*followers, *people], []), DIRECT: (people, []), LOCAL: ([here, *people], followers),
    }
    return known.get(visibility, ([], []))
