"""Resolving: from a name or an address that somebody typed to an account or status of another server.

What is known is not fetched. What is not is asked of its own server, within the time that a request has, and kept as
what was fetched: on no timeline, and told to nobody. A status brings its ancestors, so that its thread can be read.
"""

from __future__ import annotations

import contextvars
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ...settings import settings
from ...store import ephemeral, limits
from ...store.accounts import accounts
from ...store.accounts.accounts import Account
from ...store.federation.accounts import ACCOUNT, STATUS, NameTaken
from ...store.statuses import statuses
from ...store.statuses.statuses import Status
from ..refusals import Throttled
from ..viewer import Viewer
from . import addresses, arriving, fetching, webfinger
from .addresses import handle_in as handle_in
from .fetching import Missing, NotFetched, Unanswered, Untrusted
from .reading import account as actors
from .reading import values
from .reading.status import ForeignStatus, read_status
from .reading.values import Unreadable

SECONDS = 10.0
"""How long somebody waits for another server."""
STRANGER_SECONDS, MOST_STRANGERS = 3.0, 5
"""How long somebody waits who posts, and for how many people whom the text names and nobody knows."""
ANCESTOR_SECONDS = 15.0
MOST_ANCESTORS = 20
MOST_OF_A_HOST = 10
"""How many documents of one host are fetched for one arrival."""
ASKED, MOST_ASKED, WINDOW_MS = "resolve", 30, 300_000
NOT_FOUND, NOT_FOUND_SECONDS = "g", 600
PASSED_ON = ("Create", "Announce")


@dataclass
class Budget:
    """How much may still be fetched for one arrival: until when, and how many documents of each host."""

    until: float
    hosts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, seconds: float) -> Budget:
        return cls(time.monotonic() + seconds)

    @property
    def seconds(self) -> float:
        return min(self.until - time.monotonic(), fetching.SECONDS)

    def document(self, url: str, *, from_page: bool = False) -> dict[str, Any]:
        """Fetch a document, if that may be. Raises NotFetched."""
        host = addresses.host_of(url) or ""
        self.hosts[host] += 1
        if self.hosts[host] > MOST_OF_A_HOST:
            raise Unanswered("enough was asked of this host")
        return fetching.document(url, seconds=self.seconds, from_page=from_page)


# What somebody typed.


def resolve(query: str, viewer: Viewer) -> Account | Status | None:
    """The account or status of another server that the query names. None: there is none, or it cannot be had now.

    Raises Throttled if the viewer has asked for too many.
    """
    query = query.strip()
    if not settings.federating or not 0 < len(query) <= addresses.LONGEST:
        return None
    named = handle_in(query)
    if named is None and not addresses.is_foreign(query, fragment=True):
        return None
    known = accounts.find_by_nickname("@".join(named)) if named is not None else find(query)
    if known is not None:
        return None if isinstance(known, Account) and known.deleted else known
    return _asked_for(query, named, viewer)


def account_named(name: str, viewer: Viewer) -> Account | None:
    """The account of another server that is called `nick@host`. Raises Throttled."""
    found = resolve(name, viewer) if handle_in(name.strip()) is not None else None
    return found if isinstance(found, Account) else None


def find(uri: str) -> Account | Status | None:
    """What is known under a uri of another server."""
    claim = arriving.find_uris([uri]).get(uri)
    if claim is None:
        return None
    if claim.kind == ACCOUNT:
        account = accounts.find(claim.id)
        return account if account is not None and not account.deleted else None
    return statuses.find(claim.id) if claim.kind == STATUS else None


def meet(wanted: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """Ids of accounts of other servers, by the names and uris by which somebody wants to address them.

    Five are asked for, all at once, as long as somebody waits who posts. Whoever cannot be had by then is left out.
    """
    meant = [each for each in dict.fromkeys(wanted) if handle_in(each) is not None or addresses.is_foreign(each)]
    meant = meant[:MOST_STRANGERS]
    if not meant or not settings.federating:
        return {}
    with ThreadPoolExecutor(len(meant)) as pool:
        runs = [pool.submit(contextvars.copy_context().run, _met, each, viewer) for each in meant]
        found = [run.result() for run in runs]
    return {each: account.id for each, account in zip(meant, found, strict=True) if account is not None}


def _met(stranger: str, viewer: Viewer) -> Account | None:
    named = handle_in(stranger)
    try:
        known = find(stranger) if named is None else None
        found = known or _asked_for(stranger, named, viewer, STRANGER_SECONDS)
    except Throttled:
        return None
    return found if isinstance(found, Account) else None


def _asked_for(query: str, named: tuple[str, str] | None, viewer: Viewer, seconds: float = SECONDS,
               ) -> Account | Status | None:
    if ephemeral.find(NOT_FOUND, query) is not None:
        return None
    if limits.hit(ASKED, viewer.id, WINDOW_MS) > MOST_ASKED:
        raise Throttled
    budget = Budget.of(seconds)
    try:
        return _by_name(*named, budget) if named is not None else _by_address(query, budget)
    except Unanswered:
        if seconds == SECONDS:
            ephemeral.keep(NOT_FOUND, query, {}, NOT_FOUND_SECONDS)
        return None
    except (NotFetched, Unreadable, NameTaken):
        ephemeral.keep(NOT_FOUND, query, {}, NOT_FOUND_SECONDS)
        return None


def ask_for_account(query: str, named: tuple[str, str] | None) -> Account:
    """Ask another server for an account, by its address, or by name and host if `named` has them.

    Raises NotFetched, Unreadable, and NameTaken.
    """
    budget = Budget.of(SECONDS)
    if named is not None:
        return _by_name(*named, budget)
    document = budget.document(query, from_page=True)
    return find_account(document["id"]) or learn_account(document, None, budget)


def ask_for_status(address: str) -> Status:
    """Ask another server for the status at an address. Raises NotFetched, Unreadable, and NameTaken."""
    found = _by_address(address, Budget.of(SECONDS))
    if not isinstance(found, Status):
        raise Untrusted("it is no status")
    return found


def _by_name(nickname: str, host: str, budget: Budget) -> Account:
    found = webfinger.find(nickname, host, seconds=budget.seconds)
    return learn_account(found.document, found.handle, budget)


def _by_address(url: str, budget: Budget) -> Account | Status:
    document = budget.document(url, from_page=True)
    if values.kind(document, PASSED_ON) is not None:
        inner = values.id_of(document.get("object"))
        if inner is None or not addresses.is_foreign(inner):
            raise Untrusted("it passes on nothing")
        known = find(inner)
        if known is not None:
            return known
        document = budget.document(inner)
    if values.kind(document, actors.TYPES) is not None:
        return find_account(document["id"]) or learn_account(document, None, budget)
    return _learn_with_ancestors(document, budget)


# Accounts.


def find_account(uri: str) -> Account | None:
    """The known account of this uri."""
    known = find(uri)
    return known if isinstance(known, Account) else None


def account_of(uri: str, budget: Budget | None = None) -> Account:
    """The account of this uri, fetched if it is not known. Raises NotFetched, Unreadable, and NameTaken."""
    known = find_account(uri)
    if known is not None:
        return known
    budget = budget or Budget.of(SECONDS)
    document = budget.document(uri)
    if document["id"] != uri:
        raise Untrusted("the account has another id")
    return learn_account(document, None, budget)


def renewed(uri: str) -> Account:
    """The account as its server shows it now. Raises NotFetched, Unreadable, and NameTaken."""
    document = Budget.of(SECONDS).document(uri)
    if document["id"] != uri:
        raise Untrusted("the account has another id")
    return arriving.learn_account(document) if find_account(uri) is not None else learn_account(document)


def learn_account(document: dict[str, Any], handle: webfinger.Handle | None = None,
                  budget: Budget | None = None) -> Account:
    """Store what the document says, under a name that its domain has confirmed. Raises NotFetched, Unreadable, and
    NameTaken.
    """
    budget = budget or Budget.of(SECONDS)
    foreign = actors.read_account(document)
    proved = handle or webfinger.name_of(document, seconds=budget.seconds)
    foreign = foreign.at(proved.domain, proved.nickname)
    try:
        return arriving.learn_account(foreign)
    except NameTaken as taken:
        _release_if_gone(taken.owner_id, budget)
        return arriving.learn_account(foreign)


def _release_if_gone(owner_id: str, budget: Budget) -> None:
    """Free a name whose owner's server says that the owner is gone. Else the newcomer cannot have it."""
    owner = accounts.find(owner_id)
    if owner is None or owner.foreign_uri is None:
        raise NameTaken(owner_id)
    try:
        budget.document(owner.foreign_uri)
    except Missing:
        arriving.release_name(owner_id)
    else:
        raise NameTaken(owner_id)


# Statuses.


def status_of(uri: str, budget: Budget | None = None) -> Status:
    """The status of this uri, fetched with its ancestors if it is not known. Raises NotFetched, Unreadable, NameTaken.
    """
    known = find(uri)
    if isinstance(known, Status):
        return known
    budget = budget or Budget.of(SECONDS)
    return _learn_with_ancestors(budget.document(uri), budget)


def bring_ancestors(foreign: ForeignStatus) -> None:
    """Fetch what a status answers, upwards, and store it, the oldest first. It ends at the first that cannot be had."""
    _learn_all(_ancestors(foreign, Budget.of(ANCESTOR_SECONDS)), Budget.of(ANCESTOR_SECONDS))


def _learn_with_ancestors(document: dict[str, Any], budget: Budget) -> Status:
    foreign = read_status(document)
    author = account_of(foreign.author, budget)
    _learn_all(_ancestors(foreign, budget), budget)
    return arriving.learn_status(foreign, author, placed=False)


def _learn_all(found: list[ForeignStatus], budget: Budget) -> None:
    for each in reversed(found):
        try:
            arriving.learn_status(each, account_of(each.author, budget), placed=False)
        except (NotFetched, Unreadable, NameTaken):
            continue


def _ancestors(foreign: ForeignStatus, budget: Budget) -> list[ForeignStatus]:
    """What a status answers, and what that answers, as far as it is not known here, the nearest first."""
    walked = {foreign.uri}
    found: list[ForeignStatus] = []
    parent = foreign.parent
    while parent is not None and len(found) < MOST_ANCESTORS and parent not in walked:
        walked.add(parent)
        if addresses.is_own(parent) or not addresses.is_foreign(parent) or find(parent) is not None:
            break
        try:
            answered = read_status(budget.document(parent))
        except (NotFetched, Unreadable):
            break
        if answered.uri in walked - {parent}:
            break
        walked.add(answered.uri)
        found.append(answered)
        parent = answered.parent
    return found

