"""What accounts elsewhere do with a status: favourite it, or reblog it."""

from __future__ import annotations

from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import accounts as claims
from ....store.federation import received
from ....store.federation.accounts import NameTaken
from ....store.relationships import relations
from ....store.statuses import statuses
from ....store.statuses.statuses import Status
from ....store.statuses.visibilities import PRIVATE
from ...refusals import BadRequest, NotFound
from ...statuses import favourites, reblogs
from ...statuses.reblogs import FromAfar
from .. import addresses, resolving
from ..fetching import NotFetched, Unanswered
from ..reading import values
from ..reading.values import PUBLIC, Unreadable
from ..resolving import Budget
from . import activity as activities
from . import people
from .activity import Activity, Dropped, NotAnActivity
from .people import PUT_OFF, Later

SECONDS = 8.0
"""How long the server of a reblogged status may take."""


def here(uri: str) -> Status | None:
    """The status of this uri, ours or another server's, if it is here."""
    own = addresses.object_in(uri)
    if own is not None:
        return statuses.find(own)
    found = resolving.find(uri) if addresses.is_foreign(uri) else None
    return found if isinstance(found, Status) else None


def uri_of(status_id: str) -> str | None:
    status = statuses.find(status_id)
    return status.uri if status is not None else None


def reblogged_by(wrapper_id: str) -> str | None:
    """The uri of what a reblog passes on."""
    wrapper = statuses.find(wrapper_id)
    return uri_of(wrapper.reblog_of) if wrapper is not None and wrapper.reblog_of else None


# Favourites.


def favourite(status: Status, uri: str, by: Account) -> None:
    """Favourite a status that the account may see."""
    favourites.add(status.id, people.acting(by))
    received.claim(uri, claims.FAVOURITE, by=by.id, on=status.id)


def unlike(object_id: str | None, by: Account) -> bool:
    """Take a favourite back. False if there is none."""
    status = here(object_id) if object_id is not None else None
    if status is None:
        return False
    try:
        favourites.remove(status.id, people.acting(by))
    except (BadRequest, NotFound):
        return False
    return True


def demand_peace(status: Status, by: Account) -> None:
    """Raises Dropped if the author blocks the account."""
    if relations.find(by.id, status.account_id).blocked_by:
        raise Dropped("the author blocks the account")


# Reblogs.


def announce(activity: Activity, by: Account) -> None:
    """Reblog a status for the account's followers here. It is fetched if it is not here."""
    status = _announced(activity, by)
    demand_peace(status, by)
    everybody = [each for name in ("to", "cc") for each in values.ids_of(activity.document.get(name))]
    wanted = None if PUBLIC.intersection(everybody) else PRIVATE
    afar = FromAfar(activity.id or "", values.moment(activity.document.get("published")))
    reblogs.add_from_afar(status.id, people.acting(by), afar, wanted)


def _announced(activity: Activity, by: Account) -> Status:
    """What is passed on. Of an activity that is a whole one, only a Create passes on its object."""
    uri = _passed_on(activity)
    if uri is None or not (addresses.is_own(uri) or addresses.is_foreign(uri)):
        raise Dropped("passes on nothing")
    status = here(uri)
    if status is not None:
        author = accounts.find(status.account_id)
        if not (by.followers_count > 0 or (author is not None and author.host is None)):
            raise Dropped("concerns nobody here")
        return _original(status)
    if addresses.is_own(uri) or not by.followers_count:
        raise Dropped("not here, and nobody here follows")
    try:
        return _original(resolving.status_of(uri, Budget.of(SECONDS)))
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except (NotFetched, Unreadable, NameTaken) as fault:
        raise Dropped(f"not fetched: {fault}") from fault


def _passed_on(activity: Activity) -> str | None:
    inner = activity.object
    if inner is None:
        return activity.object_id
    try:
        within = activities.of(inner)
    except NotAnActivity:
        return activity.object_id
    return within.object_id if within.type == "Create" else None


def _original(status: Status) -> Status:
    if status.reblog_of:
        raise Dropped("a reblog of a reblog")
    return status


def unannounce(object_id: str | None, uri: str | None, by: Account) -> bool:
    """Take a reblog back. False if there is none."""
    status = here(object_id) if object_id is not None else None
    return status is not None and end_reblog(status.id, uri, by)


def end_reblog(status_id: str, uri: str | None, by: Account) -> bool:
    try:
        reblogs.remove(status_id, people.acting(by))
    except (BadRequest, NotFound):
        return False
    if uri is not None:
        received.unclaim(uri, by.id)
    return True
