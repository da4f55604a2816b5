"""The list of all accounts, for administrators: by page, with filters.

What a standing tells (`store/accounts/standings.py`) chooses the standings whose accounts are read and counted, so a
page costs as much with ten thousand accounts as with ten. Words and tags are looked for within these standings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ...store.accounts import accounts, creating, directory, standings
from ...store.accounts.accounts import Account, WithSecret
from ...store.accounts.standings import AccountState
from ...store.instance import counters
from ..lookup import local_name
from ..refusals import BadRequest
from ..retrying import retried

PAGE_SIZE, LARGEST_PAGE = 50, 100
MOST_TAGS = 50
LONGEST = 500
"""Characters that are looked for. No name is as long."""
FILTERS: Mapping[str, Callable[[AccountState], bool]] = {
    "local": lambda standing: standing.is_local,
    "external": lambda standing: not standing.is_local,
    "active": lambda standing: not standing.deactivated and not standing.approval_pending,
    "deactivated": lambda standing: standing.deactivated,
    "need_approval": lambda standing: standing.approval_pending,
    "unconfirmed": lambda standing: standing.confirmation_pending,
    "is_admin": lambda standing: standing.is_admin,
    "is_moderator": lambda standing: standing.is_moderator,
}


@dataclass(frozen=True)
class WantedAccounts:
    """Which accounts to list. What is empty does not filter. Unknown filters are ignored."""

    nickname: str = ""
    name: str = ""
    email: str = ""
    filters: Sequence[str] = ()
    tags: Sequence[str] = ()
    actor_types: Sequence[str] = ()

    def takes(self, standing: AccountState) -> bool:
        return (all(FILTERS[each](standing) for each in self.filters if each in FILTERS)
                and (not self.actor_types or standing.actor_type in self.actor_types))

    def fits(self, account: Account) -> bool:
        """Whether this is one of the accounts, as it is now."""
        return (account.standing is not None and self.takes(standings.of(account))
                and self.nickname in (account.nickname_find or "") and self.name in (account.display_lower or "")
                and (not self.tags or not set(self.tags).isdisjoint(account.tags or ())))


@dataclass(frozen=True)
class Chosen:
    """A page, and how many accounts there are on all pages."""

    accounts: Sequence[WithSecret]
    count: int
    page_size: int


def list_accounts(wanted: WantedAccounts, page: int | None, page_size: int | None) -> Chosen:
    """A page of the accounts, by nickname. Pages count from 1."""
    if len(wanted.tags) > MOST_TAGS:
        raise BadRequest("Too many tags")
    wanted = replace(wanted, nickname=local_name(wanted.nickname).casefold(), name=wanted.name.casefold(),
                     tags=[tag.lower() for tag in wanted.tags])
    size = min(page_size, LARGEST_PAGE) if page_size is not None and page_size > 0 else PAGE_SIZE
    first = (max(page or 1, 1) - 1) * size
    if wanted.email:
        ids, count = _of_address(wanted, first)
    elif max(len(wanted.nickname), len(wanted.name)) > LONGEST:
        ids, count = [], 0
    else:
        ids, count = _page(wanted, first, first + size)
    return Chosen([each for each in accounts.find_with_secrets(ids) if wanted.fits(each.account)], count, size)


def list_again(page: Sequence[Account]) -> None:
    """List and count accounts again whose standing is not what they say: an older version made them."""
    for account in page:
        if not standings.is_right(account):
            retried(partial(_correct, account.id))


def _correct(account_id: str) -> None:
    account = accounts.find(account_id)
    if account is not None:
        standings.correct(account)


def _page(wanted: WantedAccounts, first: int, last: int) -> tuple[list[str], int]:
    """The ids on the page, and how many accounts fit."""
    counts = {text: count for text, count in counters.standings().items() if wanted.takes(AccountState.read(text))}
    if wanted.nickname or wanted.name or wanted.tags:
        found = directory.search(counts, nickname=wanted.nickname, name=wanted.name, tags=wanted.tags)
        return found[first:last], len(found)
    count = sum(counts.values())
    return directory.page(counts, first, last) if first < count else [], count


def _of_address(wanted: WantedAccounts, first: int) -> tuple[list[str], int]:
    """The one account with this address, if it fits otherwise too."""
    id = creating.find_owner(wanted.email)
    account = accounts.find(id) if id else None
    if account is None or not wanted.fits(account):
        return [], 0
    return [account.id] if first == 0 else [], 1
