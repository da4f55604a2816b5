"""Statuses of other servers, as they come: new ones, edited ones, deleted ones.

What nobody here has to do with is not stored, or each server would keep what all others write.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import accounts as claims
from ....store.federation import received
from ....store.federation.accounts import NameTaken
from ....store.statuses import statuses
from ....store.statuses.statuses import Status
from ...statuses import fan_out, reading
from .. import addresses, arriving, fetching, resolving
from ..fetching import Missing, NotFetched, Unanswered
from ..quotes import requests as quotes
from ..reading import values
from ..reading.status import ForeignStatus, quoted_in, read_status
from ..reading.values import Document, Unreadable
from . import marks, messages, people
from .activity import Activity, Dropped
from .people import PUT_OFF, Later

MOST_REPORTED = 200
"""So much of what a report names is looked at."""

NAMING_ONE = ("Follow", "Like", "EmojiReact", "Announce", "Block", "QuoteRequest")
"""What is about an account, or a status, that may be of this server."""

# Whom it concerns.


def demand_reason(activity: Activity, owner_id: str, by: Account | None = None) -> None:
    """Raises Dropped if an activity concerns nobody here. `by`: who acts, if that is known."""
    if not any(_reasons(activity, owner_id, by)):
        raise Dropped("concerns nobody here")


def _reasons(activity: Activity, owner_id: str, by: Account | None) -> Iterator[bool]:
    """One after the other, the cheap ones first."""
    yield by is not None and by.followers_count > 0
    yield bool(owner_id)
    named = [each for each in activity.addressed if addresses.account_in(each) is not None]
    if activity.type in NAMING_ONE and activity.object_id is not None:
        named.append(activity.object_id)
        yield marks.here(activity.object_id) is not None
    if activity.type == "Flag":
        about = values.ids_of(activity.document.get("object"))[:MOST_REPORTED]
        yield bool(statuses.find_many(flake for each in about if (flake := addresses.object_in(each)) is not None))
        named += [each for each in about if addresses.account_in(each) is not None]
    nicknames = [name for each in named if (name := addresses.account_in(each)) is not None]
    yield bool(nicknames) and bool(received.find_named((), nicknames)[1])
    yield _answers_somebody_here(activity)
    yield _quotes_somebody_here(activity)


def _answers_somebody_here(activity: Activity) -> bool:
    """Whether it answers a status that is here, of somebody who is here or has followers here."""
    parent = values.id_of((activity.object or {}).get("inReplyTo"))
    status = marks.here(parent) if parent is not None else None
    author = accounts.find(status.account_id) if status is not None else None
    return author is not None and (author.host is None or author.followers_count > 0)


def _quotes_somebody_here(activity: Activity) -> bool:
    quoted = addresses.object_in(quoted_in(activity.object or {}) or "")
    status = statuses.find(quoted) if quoted is not None else None
    return status is not None and status.host is None


# New ones.


def create(activity: Activity, by: Account, owner_id: str) -> None:
    """Store a status for its readers here, with what it answers. What is here already stays as it is."""
    demand_reason(activity, owner_id, by)
    document = _object(activity)
    foreign = _read(document, activity)
    author = _author(foreign, document, by)
    if received.is_taken_back(foreign.uri):
        raise Dropped("deleted before it came")
    if foreign.parent is not None and addresses.is_foreign(foreign.parent) and marks.here(foreign.parent) is None:
        resolving.bring_ancestors(foreign)
    _learn(foreign, author, owner_id)


def _object(activity: Activity) -> Document:
    """The object, as it was sent if that is of the sender's host, else from its own. Raises Dropped and Later."""
    sent, uri = activity.object, activity.object_id
    if sent is not None and (uri is None or addresses.are_of_one_host(uri, activity.actor)):
        return {"@context": activity.document.get("@context"), **sent}
    if uri is None or not addresses.is_foreign(uri):
        raise Dropped("nothing of another server")
    return fetched(uri)


def fetched(uri: str) -> Document:
    """A document of another server. Raises Dropped and Later."""
    try:
        return fetching.document(uri)
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except NotFetched as fault:
        raise Dropped(f"not fetched: {fault}") from fault


def _read(document: Document, activity: Activity) -> ForeignStatus:
    try:
        return read_status(document, to=activity.document.get("to"), cc=activity.document.get("cc"), embedded=True)
    except Unreadable as fault:
        raise Dropped(str(fault)) from fault


def _author(foreign: ForeignStatus, document: Document, by: Account) -> Account:
    """The author, who acts, or acts as one of several who are said to have written it. Raises Dropped."""
    if foreign.author == by.foreign_uri:
        return by
    uri = by.foreign_uri or ""
    if uri not in values.ids_of(document.get("attributedTo")) or not addresses.are_of_one_host(uri, foreign.author):
        raise Dropped("written by somebody else")
    return people.find_or_learn(foreign.author)


def _learn(foreign: ForeignStatus, author: Account, owner_id: str) -> Status:
    try:
        status = arriving.learn_status(foreign, author, placed=True, owner_id=owner_id or None)
    except Unreadable as fault:
        raise Dropped(str(fault)) from fault
    if not status.fetched:
        fan_out.deliver_arrived(status)
    return status


# Edited ones.


def update(activity: Activity, by: Account, owner_id: str) -> None:
    """A status is as its server says now. One that is not here yet, and concerns somebody here, is fetched."""
    uri = activity.object_id
    if uri is None or not addresses.are_of_one_host(uri, activity.actor):
        raise Dropped("of somebody else")
    known = resolving.find(uri)
    if known is None:
        demand_reason(activity, owner_id, by)
        _fetch_and_learn(uri)
        return
    if not isinstance(known, Status) or known.reblog_of or known.account_id != by.id:
        raise Dropped("of somebody else")
    foreign = _read(_object(activity), activity)
    if foreign.author != by.foreign_uri:
        raise Dropped("written by somebody else")
    if not arriving.relearn_status(foreign, known, by):
        raise Dropped("older than what is here")


def _fetch_and_learn(uri: str) -> None:
    if received.is_taken_back(uri):
        raise Dropped("deleted before it came")
    try:
        resolving.status_of(uri)
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except (NotFetched, Unreadable, NameTaken) as fault:
        raise Dropped(f"not fetched: {fault}") from fault


# Deleted ones.


def delete(activity: Activity, by: Account, owner_id: str) -> None:
    """Delete a status of the same host, whose moderators may delete it too. One that comes later is left out."""
    uri = activity.object_id
    if uri is None or not addresses.are_of_one_host(uri, activity.actor):
        raise Dropped("of another host")
    claim = received.find_named([uri])[0].get(uri)
    if claim is not None and claim.kind == claims.ACCOUNT:
        raise Dropped("only an account deletes itself")
    if claim is not None and claim.kind == claims.MESSAGE:
        messages.delete(claim, by)
        return
    if claim is not None and claim.kind == claims.STAMP:
        quotes.take_stamp_back(claim, by)
        return
    if claim is None or claim.kind != claims.STATUS:
        if by.followers_count > 0 or any(map(addresses.account_in, activity.addressed)):
            received.take_back(uri)
        return
    bury(uri, claim.id)


def bury(uri: str, status_id: str) -> None:
    """Delete a status, or a reblog, that is here."""
    received.take_back(uri)
    status = statuses.find(status_id)
    if status is None:
        return
    if status.reblog_of:
        author = accounts.find(status.account_id)
        if author is not None:
            marks.end_reblog(status.reblog_of, uri, author)
        return
    reading.bury(status)


def is_gone(uri: str) -> bool:
    """Whether its own server says that it is not there any more. Raises Later."""
    try:
        document = fetching.document(uri)
    except Missing:
        return True
    except Unanswered as fault:
        raise Later(PUT_OFF, str(fault)) from fault
    except NotFetched:
        return False
    return values.kind(document, ("Tombstone",)) is not None
