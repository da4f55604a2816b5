"""Who signed a request: the key is found among the known ones, or fetched, and the signature checked.

    signer = checking.signer_of(incoming)            of a GET: raises BadSignature
    checking.check(signed, key)                      of a message whose key is known
    key, actor = checking.check_by_fetching(signed)  of a message whose key is not
"""

from __future__ import annotations

from typing import Any

from . import foreign_keys, signatures
from .fetching import NotFetched
from .foreign_keys import ActorKey
from .signatures import BadSignature, Incoming, Signed

SECONDS = 5.0
"""How long somebody who asks for a document waits while their key is fetched."""


def signer_of(request: Incoming, *, may_fetch: bool = True) -> ActorKey:
    """Who signed a request, with the key that fits. Raises BadSignature, whose text is for the one who asks.

    `may_fetch`: a key that is not known, or does not fit, may be fetched while they wait. Without it such a signature
    counts as bad.
    """
    signed = signatures.read(request)
    key = foreign_keys.find(signed.key_id)
    if key is not None:
        try:
            signatures.verify(signed, key.pem)
        except BadSignature:
            return _renewed(signed, key, may_fetch=may_fetch)
        return key
    if not may_fetch:
        raise BadSignature("unknown key")
    return check_by_fetching(signed, seconds=SECONDS)[0]


def check(signed: Signed, key: ActorKey) -> None:
    """Check a signature with a known key. Raises BadSignature."""
    if signed.key_id != key.id:
        raise BadSignature("signed with another key")
    signatures.verify(signed, key.pem)


def check_by_fetching(signed: Signed, *, seconds: float = 10.0) -> tuple[ActorKey, dict[str, Any]]:
    """Fetch the key, and check. Answers the key and the document of its owner.

    Raises BadSignature. Where the fault is that nothing could be fetched, the cause is the NotFetched.
    """
    try:
        key, actor = foreign_keys.fetch(signed.key_id, seconds=seconds)
    except NotFetched as fault:
        raise BadSignature(f"no key: {fault}") from fault
    signatures.verify(signed, key.pem)
    return key, actor


def _renewed(signed: Signed, key: ActorKey, *, may_fetch: bool) -> ActorKey:
    """The key as it is now, in the tables or at its server, if the signature fits that one."""
    fresh = foreign_keys.find_again(key)
    try:
        if fresh is None and may_fetch:
            fresh = foreign_keys.renewed(key, seconds=SECONDS)
    except NotFetched as fault:
        raise BadSignature(f"the signature does not fit, and no key: {fault}") from fault
    if fresh is None:
        raise BadSignature("the signature does not fit")
    signatures.verify(signed, fresh.pem)
    return fresh
