"""Taking back: an account elsewhere undoes what it did. Some servers name that by its address only.

What is undone before it came, is left out when it comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ....store.accounts import accounts
from ....store.accounts.accounts import Account
from ....store.federation import accounts as claims
from ....store.federation import received
from ....store.statuses import statuses
from .. import addresses
from ..reading import values
from ..reading.values import Document
from . import blocks, follows, marks, people, reactions
from .activity import Activity, Dropped, deed


@dataclass(frozen=True)
class Undone:
    """What is taken back. `object_id`: what it was about, if that was said. `document`: all that was said of it."""

    type: str
    uri: str | None
    object_id: str | None = None
    document: Document | None = field(default=None, repr=False)


def undo(activity: Activity, by: Account) -> None:
    """Take back a follow, block, favourite, reaction, reblog or acceptance."""
    undone = _embedded(activity) or _claimed(activity, by)
    if undone is not None and _undo(undone, by):
        if undone.uri is not None:
            is_follow = undone.type == "Follow"
            received.take_back(undone.uri, received.UNFOLLOWED_SECONDS if is_follow else received.TAKEN_BACK_SECONDS)
        return
    note_early(activity)
    _forget(activity.object_id, by)


def _forget(uri: str | None, by: Account) -> None:
    """Drop the claim of what is not there any more: a run before this one may have died just before it did so."""
    claim = received.find_named([uri])[0].get(uri) if uri is not None else None
    if claim is None or claim.by != by.id:
        return
    if claim.kind in received.OF_DEEDS or statuses.find(claim.id) is None:
        received.unclaim(uri or "", by.id)


def note_early(activity: Activity) -> None:
    """Nothing of what is taken back is here, so that it is left out if it comes yet. What has no id is known by what
    is done to whom.
    """
    undone, uri = _embedded(activity), activity.object_id
    if uri is not None and addresses.are_of_one_host(uri, activity.actor):
        received.take_back(uri)
    elif uri is None and undone is not None and undone.object_id is not None:
        received.take_back(deed(activity.actor, undone.type, undone.object_id))


def _embedded(activity: Activity) -> Undone | None:
    inner = activity.object
    if inner is None or not isinstance(inner.get("type"), str):
        return None
    if values.id_of(inner.get("actor")) not in (None, activity.actor):
        raise Dropped("done by somebody else")
    uri = values.id_of(inner)
    if uri is not None and not addresses.are_of_one_host(uri, activity.actor):
        raise Dropped("done by somebody else")
    return Undone(inner["type"], uri, values.id_of(inner.get("object")), inner)


def _claimed(activity: Activity, by: Account) -> Undone | None:
    """What an address names. Raises Dropped if somebody else did that."""
    uri = activity.object_id
    claim = received.find_named([uri])[0].get(uri) if uri is not None else None
    if claim is None:
        return None
    if claim.by != by.id:
        raise Dropped("done by somebody else")
    if claim.kind in (claims.FOLLOW, claims.BLOCK):
        other = accounts.find(claim.on or "")
        done = "Follow" if claim.kind == claims.FOLLOW else "Block"
        return Undone(done, uri, other.uri) if other is not None else None
    if claim.kind in (claims.FAVOURITE, claims.REACTION):
        return Undone("Like", uri, marks.uri_of(claim.on or ""))
    return Undone("Announce", uri, marks.reblogged_by(claim.id)) if claim.kind == claims.STATUS else None


def _undo(undone: Undone, by: Account) -> bool:
    if undone.type == "Follow":
        followed = people.local(undone.object_id)
        return followed is not None and follows.undo(undone.uri, followed, by)
    if undone.type == "Block":
        blocked = people.local(undone.object_id)
        return blocked is not None and blocks.undo(undone.uri, blocked, by)
    if undone.type in (reactions.LIKE, reactions.REACT):
        return _undo_mark(undone, by)
    if undone.type == "Announce":
        return marks.unannounce(undone.object_id, undone.uri, by)
    if undone.type == "Accept":
        raise Dropped("an acceptance is not taken back")
    raise Dropped(f"{undone.type[:40]} is not taken back")


def _undo_mark(undone: Undone, by: Account) -> bool:
    claim = received.find_named([undone.uri])[0].get(undone.uri) if undone.uri is not None else None
    if claim is not None and claim.by != by.id:
        raise Dropped("done by somebody else")
    if not reactions.undo(undone.document, undone.object_id, claim, by):
        return False
    if undone.uri is not None:
        received.unclaim(undone.uri, by.id)
    return True
