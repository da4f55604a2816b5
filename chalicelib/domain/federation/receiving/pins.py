"""Pins of accounts elsewhere. Their servers tell of a pin (without an id of the activity, or whom it is for), or only
show all of them.

What is pinned and not here is fetched: it is shown on the profile, and on no timeline. The list is in the profile, as
that of our own people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation.accounts import NameTaken
from ....store.statuses import pins
from ....store.statuses.statuses import Status
from ...refusals import NotFound
from ...retrying import expect, retried
from .. import addresses, arriving, resolving
from ..fetching import NotFetched, Unanswered
from ..reading import values
from ..reading.status import read_status
from ..reading.values import Unreadable
from ..resolving import Budget
from .activity import Activity, Dropped
from .people import PUT_OFF, Later

MOST = 5
"""So many pins of an account are shown, the newest."""
SECONDS = 25.0


# What their servers tell.


def add(activity: Activity, by: Account) -> None:
    """Show a status first on the profile of its author. It is fetched if it is not here."""
    uri = _named(activity, by)
    status = resolving.find(uri)
    if status is None:
        status = _fetched(uri)
    if not isinstance(status, Status) or status.account_id != by.id or status.reblog_of:
        raise Dropped("no status of the account")
    pin(status)


def remove(activity: Activity, by: Account) -> None:
    """A pin ends. Without one there is nothing to do."""
    status = resolving.find(_named(activity, by))
    if isinstance(status, Status):
        unpin(by.id, status.id)


def _named(activity: Activity, by: Account) -> str:
    """What is pinned. Raises Dropped if it is no status, or is added to something else than the pins."""
    uri, inner = activity.object_id, activity.object
    if not is_featured_of(by, activity.document.get("target")):
        raise Dropped("not to the pins of the account")
    if inner is not None and inner.get("type") == "Hashtag":
        raise Dropped("a hashtag is not pinned")
    if uri is None or not addresses.is_foreign(uri) or not addresses.are_of_one_host(uri, activity.actor):
        raise Dropped("nothing of the account's server")
    return uri


def _fetched(uri: str) -> Status:
    try:
        return resolving.status_of(uri)
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except (NotFetched, Unreadable, NameTaken) as fault:
        raise Dropped(f"not fetched: {fault}") from fault


# What is pinned.


def pin(status: Status) -> None:
    """Show a status first on its author's profile. A second time changes nothing."""
    _change(status.account_id, lambda pinned: pinned if status.id in pinned else [status.id, *pinned])


def unpin(account_id: str, status_id: str) -> None:
    _change(account_id, lambda pinned: [each for each in pinned if each != status_id])


def _change(account_id: str, changed: Callable[[list[str]], list[str]]) -> None:
    def write() -> None:
        account = accounts.find(account_id)
        if account is None or account.deleted:
            raise NotFound
        before = list(account.pins or [])
        after = changed(before)[:MOST]
        if after != before:
            expect(pins.set_pins(account, after))

    retried(write)


def refresh(account_id: str) -> int:
    """Fetch what an account has pinned, and show it. Answers how many there are. What cannot be had is left out."""
    account = accounts.find(account_id)
    collection = account.profile.get("featured") if account is not None else None
    if account is None or account.deleted or collection is None:
        return 0
    budget = Budget.of(SECONDS)
    try:
        items = _items(collection, budget)
    except NotFetched:
        return 0
    pinned = [status.id for item in items[:MOST] if (status := _had(item, account, budget)) is not None]
    _change(account_id, lambda _: pinned)
    return len(pinned)


def _items(collection: str, budget: Budget) -> list[Any]:
    """The first page of a collection. It is in the document, or has an address of its own. Raises NotFetched."""
    found: Mapping[str, Any] = budget.document(collection)
    for _ in range(2):
        listed = values.as_list(found.get("orderedItems") or found.get("items"))
        first = found.get("first")
        if listed or first is None:
            break
        here = values.of_same_host(first, collection)
        found = first if isinstance(first, Mapping) else budget.document(here) if here is not None else {}
    return listed


def _had(item: object, account: Account, budget: Budget) -> Status | None:
    """A pinned status of the account. None: it is none, or cannot be had. One that the collection has whole is read
    from there, since it comes from the account's own server.
    """
    uri = values.id_of(item)
    if uri is None or not addresses.is_foreign(uri) or not addresses.are_of_one_host(uri, account.uri):
        return None
    try:
        known = resolving.find(uri)
        if known is None and isinstance(item, Mapping):
            foreign = read_status(item, embedded=True)
            known = arriving.learn_status(foreign, account, placed=False)
        elif known is None:
            known = resolving.status_of(uri, budget)
    except (NotFetched, Unreadable, NameTaken):
        return None
    return known if isinstance(known, Status) and known.account_id == account.id and not known.reblog_of else None


def is_featured_of(account: Account, target: object) -> bool:
    """Whether it is the collection of what the account has pinned. Accounts have other collections too."""
    named = values.id_of(target)
    return named is not None and named == account.profile.get("featured")
