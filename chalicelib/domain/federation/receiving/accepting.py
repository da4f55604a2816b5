"""Taking what a peer sends to an inbox, while it waits: nothing is fetched, and one round is read; of a status that
names nobody here two, because the queue costs more than a read.

Whatever can be judged at once is refused at once, with a reason for the peer's administrators. What is not known yet
(a key, an actor) goes to the queue unverified, with all that is needed to verify it there.
"""

from __future__ import annotations

import base64
import threading
import time
import zlib
from dataclasses import dataclass, field

from ....queues import queue
from ....queues.federating import Inbound
from ....settings import settings
from ....store import files, limits
from ....store.accounts import accounts
from ....store.accounts.claims import Claim
from ....store.federation import received
from ...refusals import BadRequest, NotFound, Throttled, TooLarge, Unauthenticated, Unavailable, Unsupported, Vanished
from .. import addresses, foreign_keys, server_actor, signatures
from ..signatures import BadSignature, Incoming, Signed
from . import activity as activities
from . import judging
from .activity import Activity, NotAnActivity

MOST_BYTES = 1_000_000
MOST_BYTES_UNVERIFIED = 100_000
LARGEST_MESSAGE = 200_000
"""Bytes of a body in a message. Larger ones are kept in the bucket meanwhile."""
FOLDER = "jobs/inbox/"
TYPES = ("application/activity+json", "application/ld+json", "application/json")
JUST_FETCHED = foreign_keys.PAUSE_SECONDS
COUNTED_ALONE = 100
"""So many messages of a host within a minute each process takes without asking how many the others took."""
UNVERIFIED, UNVERIFIED_MS, MOST_UNVERIFIED = "unverified", 300_000, 200
BY_HOST, MINUTE_MS = "inbox", 60_000

VERIFIED, OVER = "verified", "over"

_counts: dict[tuple[str, ...], int] = {}
_minute = [0]
_counting = threading.Lock()


@dataclass(frozen=True)
class Delivery:
    """A request to an inbox. `nickname`: whose it is, None for the shared one. `ip`: from where it came."""

    request: Incoming
    nickname: str | None = None
    ip: str = "unknown"
    content_type: str = field(default="")


def take(delivery: Delivery) -> None:
    """Take a delivery, or refuse it. Nothing is told of what is left out. Raises Refusal."""
    body = delivery.request.body
    if not settings.federating:
        raise NotFound("Not found")
    if delivery.content_type.partition(";")[0].strip().lower() not in TYPES:
        raise Unsupported
    if len(body) > MOST_BYTES:
        raise TooLarge
    activity = _read(body)
    signed = _signed(delivery.request)
    if activity.type not in activities.TYPES or not activities.is_of_its_host(activity):
        return
    if judging.refusal(activity, signed.key_id) is not None:
        return
    _refuse_flood(signed, delivery.ip)
    actors = foreign_keys.owners(signed.key_id)
    known = received.look_up([*actors, activity.actor], activity.done, delivery.nickname)
    owner_id = _owner(delivery.nickname, known.owner)
    if known.is_done or (_is_of_itself(activity) and activity.actor not in known.accounts):
        return
    by = _verified(signed, {each: known.accounts[each] for each in actors if each in known.accounts})
    if by is None:
        _limit_unverified(delivery)
    else:
        _limit(addresses.host_of(by) or "")
    if by == activity.actor and not owner_id and judging.is_for_nobody(activity, known.accounts[by].id):
        return
    _send(delivery, signed, by, owner_id)


def take_for_the_server() -> None:
    """What comes to the inbox of the server's own account: nothing is done with it."""
    if not settings.federating:
        raise NotFound("Not found")


def _read(body: bytes) -> Activity:
    try:
        return activities.read(body)
    except NotAnActivity:
        raise BadRequest from None


def _signed(request: Incoming) -> Signed:
    try:
        signed = signatures.read(request)
    except BadSignature as fault:
        raise Unauthenticated(str(fault)) from None
    if not foreign_keys.owners(signed.key_id):
        raise Unauthenticated("the keyId is no address of another server")
    return signed


def _is_of_itself(activity: Activity) -> bool:
    """Whether it is what every server hears when an account somewhere goes: there is nothing to do if it is unknown."""
    return activity.type in ("Delete", "Update") and activity.is_about_itself


def _owner(nickname: str | None, claim: Claim | None) -> str:
    """The id of whose inbox it is. Empty: it is everybody's."""
    if nickname is None:
        return ""
    account = accounts.find(claim.id) if claim is not None else None
    if account is None or account.host is not None or server_actor.is_server_actor(account):
        raise NotFound("Not found")
    if account.deleted:
        raise Vanished
    return str(account.id)


def _verified(signed: Signed, known: dict[str, Claim]) -> str | None:
    """Whose the signature is. None: that cannot be told without fetching a key."""
    for owner, claim in known.items():
        if claim.key_id != signed.key_id or not claim.public_key:
            continue
        try:
            signatures.verify(signed, claim.public_key)
        except BadSignature as fault:
            if claim.keyed is not None and claim.keyed > time.time() - JUST_FETCHED:
                raise Unauthenticated(str(fault)) from None
            return None
        return owner
    return None


# How much.


def _refuse_flood(signed: Signed, ip: str) -> None:
    """Before anything is read: no more of a host that has sent too much within this minute, nor of one address in the
    name of a host. Only what is verified counts for the host itself, or anybody could use up what it may send.
    """
    most, host = settings.inbox_limit, addresses.host_of(signed.key_id) or ""
    if most and (_counted(OVER, host, by=0) or _counted(host, ip) > most):
        raise Throttled


def _limit(host: str) -> None:
    """So many messages a minute of one host. Only who sends many costs a write for each."""
    most = settings.inbox_limit
    if most and _counted(VERIFIED, host) > min(COUNTED_ALONE, most) and limits.hit(BY_HOST, host, MINUTE_MS) > most:
        _counted(OVER, host)
        raise Throttled


def _counted(*what: str, by: int = 1) -> int:
    """How often this process has counted it within this minute, after counting it `by` times more."""
    minute = int(time.time()) // 60
    with _counting:
        if _minute[0] != minute:
            _minute[0] = minute
            _counts.clear()
        _counts[what] = _counts.get(what, 0) + by
        return _counts[what]


def _limit_unverified(delivery: Delivery) -> None:
    """Anybody can fill the queue with what has to be verified yet, so it is bounded by where it comes from."""
    if len(delivery.request.body) > MOST_BYTES_UNVERIFIED:
        raise TooLarge
    if limits.hit(UNVERIFIED, delivery.ip, UNVERIFIED_MS) > MOST_UNVERIFIED:
        raise Throttled


def forget() -> None:
    """Drop what this process remembers."""
    with _counting:
        _counts.clear()


# On its way to the queue.


def _send(delivery: Delivery, signed: Signed, by: str | None, owner_id: str) -> None:
    body = base64.b85encode(zlib.compress(delivery.request.body)).decode()
    path = ""
    if len(body) > LARGEST_MESSAGE:
        path = f"{FOLDER}{activities.digest_of(delivery.request.body)}"
        files.put(path, delivery.request.body, signatures.DOCUMENT)
        body = ""
    message = Inbound(body=body, path=path, arrived=int(delivery.request.arrived), verified=by or "",
                      owner_id=owner_id, key_id=signed.key_id, signature="" if by else signed.signature,
                      texts=[] if by else list(signed.texts))
    try:
        queue.send(message)
    except queue.NotSent:
        raise Unavailable from None


def body_of(message: Inbound) -> bytes | None:
    """The body as it came. None: it was kept in the bucket, and is not there any more."""
    if message.path:
        return files.get(message.path)
    return zlib.decompress(base64.b85decode(message.body))
