"""Emoji with which accounts elsewhere react to a status, and plain favourites, which come in the same words."""

from __future__ import annotations

from ....store.accounts.accounts import Account
from ....store.accounts.claims import Claim
from ....store.federation import accounts as claims
from ....store.federation import received
from ....store.statuses import marks as store
from ....store.statuses import statuses
from ....store.statuses.statuses import Status
from ...refusals import BadRequest, NotFound
from ...statuses import favourites, reactions
from ..reading.reaction import ForeignReaction, SeveralEmoji, is_only_one, read_reaction
from ..reading.values import Document
from . import marks, people
from .activity import Activity, Dropped

LIKE, REACT = "Like", "EmojiReact"


def react(activity: Activity, by: Account) -> None:
    """React to a status that is here, or favourite it if no emoji is said that can be shown."""
    reaction = _read(activity.document, by)
    status = _reacted_to(activity.object_id)
    if status is None:
        raise Dropped("the status is not here")
    marks.demand_peace(status, by)
    if is_only_one(activity.document):
        _make_way(status, by, reaction)
    if reaction is None:
        marks.favourite(status, activity.id or "", by)
        return
    emoji = _spelt(reaction, status)
    _, around = reactions.add(status.id, emoji, people.acting(by), reaction.picture)
    flake = around.marks[status.id].reactions[emoji]
    received.claim(activity.id or "", claims.REACTION, by=by.id, on=status.id, id=flake)


def _reacted_to(uri: str | None) -> Status | None:
    """The status of this uri. That of a reblog stands for what it passes on."""
    status = marks.here(uri or "")
    return statuses.find(status.reblog_of) if status is not None and status.reblog_of else status


def _read(document: Document, by: Account) -> ForeignReaction | None:
    try:
        return read_reaction(document, by.foreign_uri or "")
    except SeveralEmoji:
        raise Dropped("more than one emoji") from None


def _spelt(reaction: ForeignReaction, status: Status) -> str:
    """The emoji as it is counted. A custom one whose host was not told is the same as one with the same picture."""
    if reaction.has_host:
        return reaction.name
    same = (emoji for emoji, entry in (status.reactions or {}).items()
            if entry.get("u") == reaction.picture and emoji.partition("@")[0] == reaction.shortcode)
    return next(same, reaction.name)


def _make_way(status: Status, by: Account, new: ForeignReaction | None) -> None:
    """Take back what the account did before: its server lets it do one thing. It may undo that later, or has done."""
    mark = store.find(by.id, status.id)
    if mark is None:
        return
    kept = _spelt(new, status) if new is not None else None
    for emoji in set(mark.reactions or {}) - {kept}:
        _remove(status.id, emoji, by)
    if mark.favourite and kept is not None:
        favourites.remove(status.id, people.acting(by))


def undo(document: Document | None, object_id: str | None, claim: Claim | None, by: Account) -> bool:
    """Take a favourite or reaction back. False if there is none.

    `claim`: what the account did under the address that it names. `document`: what it did, if that was sent.
    """
    if claim is not None and claim.kind == claims.REACTION:
        mark = store.find(by.id, claim.on or "")
        own = dict((mark.reactions if mark is not None else None) or {})
        emoji = next((emoji for emoji, flake in own.items() if flake == claim.id), None)
        return emoji is not None and _remove(claim.on or "", emoji, by)
    reaction = _read(document, by) if document is not None and claim is None else None
    status = _reacted_to(object_id)
    if reaction is None or status is None:
        return marks.unlike(object_id, by)
    return _remove(status.id, _spelt(reaction, status), by)


def _remove(status_id: str, emoji: str, by: Account) -> bool:
    try:
        reactions.remove(status_id, emoji, people.acting(by))
    except (BadRequest, NotFound):
        return False
    return True
