"""Processing what other servers have sent: whose it is, whether they may say so, and who does it.

Each activity is done by functions that may run twice. When it is done, a mark says so for a week, or the claim of its
address for good. A run that dies before that is followed by another one, which finds most of it done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ....queues import queue
from ....queues.federating import Inbound
from ....queues.queue import Again, Counts
from ....settings import settings
from ....store.accounts.accounts import Account
from ....store.dynamo.keys import Key
from ....store.federation import foreseeing, received
from ... import hosts
from ...refusals import Refusal
from .. import addresses, checking, foreign_keys
from ..fetching import Missing, NotFetched, Unanswered
from ..quotes import requests as quotes
from ..signatures import BadSignature, Signed
from . import (
    accepting,
    blocks,
    creating,
    follows,
    forwarded,
    judging,
    listening,
    marks,
    moves,
    people,
    pins,
    reactions,
    reports,
    statuses,
    undoing,
)
from . import activity as activities
from .activity import Activity, Dropped, NotAnActivity
from .people import PUT_OFF, Later

MOST_WAITS = 3
FOR_ANOTHER = 60
"""Seconds after which a key is looked up again that somebody else fetches."""
LONGEST_WAIT = 12 * 3600


@dataclass(frozen=True)
class Signatory:
    """Who has signed a message. `document`: that of the actor, if it was fetched for that."""

    uri: str
    document: Mapping[str, Any] | None = None


def process(message: Inbound) -> Counts | Again:
    """Do what an activity says. What may not be done is left out, and the log says why."""
    body = accepting.body_of(message)
    if body is None or not settings.federating:
        return {"dropped": "nothing is left of it"}
    activity = _read(body)
    if activity is None:
        return {"dropped": "malformed"}
    about = {"type": activity.type, "host": addresses.host_of(activity.actor) or ""}
    refused_by_policy = judging.refusal(activity, message.verified or message.key_id)
    if refused_by_policy is not None:
        return {"dropped": refused_by_policy, **about}
    try:
        with foreseeing.one_message():
            return {**about, **_process(message, activity)}
    except Dropped as reason:
        return {"dropped": str(reason), **about}
    except Refusal as refused:
        return {"dropped": f"{type(refused).__name__}: {refused.message}", **about}
    except Later as later:
        return _put_off(message, later, about)


def _read(body: bytes) -> Activity | None:
    try:
        return activities.read(body)
    except NotAnActivity:
        return None


def _put_off(message: Inbound, later: Later, about: Mapping[str, str]) -> Counts | Again:
    waits = message.waits + 1
    if waits > MOST_WAITS or time.time() - message.arrived > LONGEST_WAIT:
        return {"dropped": f"{later}, for the last time", **about}
    renewed = 1 if later.seconds == FOR_ANOTHER else message.renewed
    return Again(min(later.seconds, queue.MOST_DELAY), {"waits": waits, **about},
                 replace(message, waits=waits, renewed=renewed))


def _process(message: Inbound, activity: Activity) -> Mapping[str, str]:
    signer = _signer(message, activity)
    if signer is None:
        people.delete(activity.actor)
        return {"done": "gone"}
    if signer.uri != activity.actor:
        forwarded.process(activity)
        return {"done": "forwarded"}
    done = _done_key(activity, message)
    server = hosts.host_in(activity.actor) if not hosts.is_trusted(activity.actor) else None
    taken_back = activities.taken_back_as(activity)
    names = foreseeing.foresee_names(activities.named_in(activity), done, taken_back, server)
    known = received.look_up([activity.actor], done, names=taken_back, server=server)
    if known.server is not None:
        hosts.heard_from(activity.actor, known.server)
    if known.is_done:
        return {"done": "before"}
    if known.is_taken_back:
        raise Dropped("taken back before")
    claim = known.accounts.get(activity.actor)
    if activity.type == "Delete" and activity.is_about_itself:
        people.delete(activity.actor)
        received.done(done)
        return {"done": "gone"}
    if claim is not None:
        foreseeing.foresee_around(names, claim.id, activity.type)
        by = people.of_claim(claim)
    elif activity.type == "Undo":
        undoing.note_early(activity)
        return {"done": "early"}
    else:
        statuses.demand_reason(activity, message.owner_id)
        by = people.learn(activity.actor, signer.document)
    DEEDS[activity.type](activity, by, message.owner_id)
    received.done(done, activity.done_seconds)
    return {"done": "now"}


def _done_key(activity: Activity, message: Inbound) -> Key | None:
    """What tells that it was done. Whose inbox it came to counts only where it makes a difference."""
    if message.owner_id and activity.type == "Create":
        return received.done_key(f"{activity.name} {message.owner_id}", is_claimed=False)
    return activity.done


# Whose it is.


def _signer(message: Inbound, activity: Activity) -> Signatory | None:
    """Who signed. None: the server of an account says that it is gone, and the message says the same.

    Raises Dropped and Later.
    """
    if message.verified:
        return Signatory(message.verified)
    signed = Signed(message.key_id, message.signature, tuple(message.texts))
    key = foreign_keys.find(signed.key_id)
    try:
        if key is not None:
            return Signatory(_with_known_key(signed, key, message))
        found, document = checking.check_by_fetching(signed)
        return Signatory(found.owner, document)
    except BadSignature as fault:
        cause = fault.__cause__
        if isinstance(cause, Unanswered):
            raise Later(PUT_OFF, str(fault)) from fault
        if isinstance(cause, Missing) and activity.type == "Delete" and activity.is_about_itself and (
                activity.actor in foreign_keys.owners(signed.key_id)):
            return None
        raise Dropped(str(fault)) from fault


def _with_known_key(signed: Signed, key: foreign_keys.ActorKey, message: Inbound) -> str:
    """The owner of a known key, or of what the owner has in its place now."""
    try:
        checking.check(signed, key)
        return key.owner
    except BadSignature:
        if message.renewed:
            raise
    try:
        fresh = foreign_keys.renewed(key)
    except NotFetched as fault:
        raise BadSignature(f"no key: {fault}") from fault
    if fresh is None:
        raise Later(FOR_ANOTHER, "somebody else fetches the key")
    checking.check(signed, fresh)
    return fresh.owner


Deed = Callable[[Activity, Account, str], None]


def _accept(activity: Activity, by: Account) -> None:
    quote = quotes.answered_quote(activity)
    if quote is not None:
        quotes.accept(activity, by, quote)
    else:
        follows.accept(activity, by)


def _reject(activity: Activity, by: Account) -> None:
    quote = quotes.answered_quote(activity)
    if quote is not None:
        quotes.reject(by, quote)
    else:
        follows.reject(activity, by)


DEEDS: Mapping[str, Deed] = {
    "Follow": lambda activity, by, _: follows.follow(activity, by),
    "Accept": lambda activity, by, _: _accept(activity, by),
    "Reject": lambda activity, by, _: _reject(activity, by),
    "QuoteRequest": lambda activity, by, _: quotes.ask(activity, by),
    "Undo": lambda activity, by, _: undoing.undo(activity, by),
    "Create": creating.create,
    "Like": lambda activity, by, _: reactions.react(activity, by),
    "EmojiReact": lambda activity, by, _: reactions.react(activity, by),
    "Announce": lambda activity, by, _: marks.announce(activity, by),
    "Add": lambda activity, by, _: pins.add(activity, by),
    "Remove": lambda activity, by, _: pins.remove(activity, by),
    "Block": lambda activity, by, _: blocks.block(activity, by),
    "Flag": lambda activity, by, _: reports.flag(activity, by),
    "Move": lambda activity, by, _: moves.move(activity, by),
    "Listen": lambda activity, by, _: listening.listen(activity, by),
    "Delete": statuses.delete,
    "Update": lambda activity, by, owner_id: (
        moves.update(activity) if activity.is_about_itself else statuses.update(activity, by, owner_id)),
}
