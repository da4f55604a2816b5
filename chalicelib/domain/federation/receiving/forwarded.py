"""What a server passes on of others: a reply to one of its people, or that such a reply was deleted.

It is signed by who passes it on, not by who did it. So it is only a hint: what it tells of is asked of its own server.
"""

from __future__ import annotations

from ....store.federation.accounts import NameTaken
from ....store.statuses.statuses import Status
from .. import addresses, arriving, resolving
from ..fetching import NotFetched, Unanswered
from ..reading import values
from ..reading.status import read_status
from ..reading.values import Unreadable
from . import marks, people, statuses
from .activity import Activity, Dropped
from .people import PUT_OFF, Later


def process(activity: Activity) -> None:
    """Ask the server of the object about it, if that is an answer to something here. Raises Dropped and Later."""
    uri = activity.object_id
    if uri is None or not addresses.is_foreign(uri):
        raise Dropped("forwarded, and of no other server")
    known = resolving.find(uri)
    if activity.type == "Delete" and isinstance(known, Status):
        if not statuses.is_gone(uri):
            raise Dropped("forwarded, and not gone")
        statuses.bury(uri, known.id)
    elif activity.type == "Update" and isinstance(known, Status) and not known.reblog_of:
        _renew(uri, known)
    elif activity.type in ("Create", "Update") and known is None:
        _learn(activity, uri)
    else:
        raise Dropped("forwarded, and not needed")


def _renew(uri: str, known: Status) -> None:
    try:
        foreign = read_status(statuses.fetched(uri))
        author = people.find_or_learn(foreign.author)
        if author.id != known.account_id:
            raise Dropped("written by somebody else")
        arriving.relearn_status(foreign, known, author)
    except Unreadable as fault:
        raise Dropped(str(fault)) from fault


def _learn(activity: Activity, uri: str) -> None:
    parent = values.id_of((activity.object or {}).get("inReplyTo"))
    if parent is None or marks.here(parent) is None:
        raise Dropped("forwarded, and answers nothing here")
    try:
        resolving.status_of(uri)
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except (NotFetched, Unreadable, NameTaken) as fault:
        raise Dropped(f"not fetched: {fault}") from fault
