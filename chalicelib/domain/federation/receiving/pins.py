"""Pins of accounts elsewhere. Some servers send neither an id of the activity nor whom it is for."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.federation.accounts import NameTaken
from ....store.statuses.statuses import Status
from .. import addresses, resolving
from ..fetching import NotFetched, Unanswered
from ..reading.values import Unreadable
from . import featured
from .activity import Activity, Dropped
from .people import PUT_OFF, Later


def add(activity: Activity, by: Account) -> None:
    """Show a status first on the profile of its author. It is fetched if it is not here."""
    uri = _named(activity, by)
    status = resolving.find(uri)
    if status is None:
        status = _fetched(uri)
    if not isinstance(status, Status) or status.account_id != by.id or status.reblog_of:
        raise Dropped("no status of the account")
    featured.pin(status)


def remove(activity: Activity, by: Account) -> None:
    """A pin ends. Without one there is nothing to do."""
    status = resolving.find(_named(activity, by))
    if isinstance(status, Status):
        featured.unpin(by.id, status.id)


def _named(activity: Activity, by: Account) -> str:
    """What is pinned. Raises Dropped if it is no status, or is added to something else than the pins."""
    uri, inner = activity.object_id, activity.object
    if not featured.is_featured_of(by, activity.document.get("target")):
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
