"""Public keys of other servers' accounts: those we know, and fetching one, bound to its owner both ways.

The document at a key's id names the owner, and the owner's document names the key by this id. All three have one host.
Otherwise somebody could serve a key of their own as that of another account.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from ...store import limits
from ...store.federation import foreign_keys as store
from ..remembered import RememberedByName
from . import addresses, fetching
from .fetching import Unanswered, Untrusted
from .signing import public_keys

KEPT_SECONDS = 300.0
MOST_KEPT = 1_000
PAUSE_SECONDS = 300
"""How long a key is not fetched again, whatever it does not fit."""
FETCHES, FETCHES_A_MINUTE = "keys", 20
"""How many keys of one host are fetched within a minute."""
LONGEST_PEM = public_keys.LONGEST_PEM


@dataclass(frozen=True)
class ActorKey:
    """A key, and whose it is. `account_id`: that of the account if it is known here."""

    id: str
    owner: str
    pem: str
    account_id: str | None = None


_kept: RememberedByName[ActorKey] = RememberedByName(KEPT_SECONDS, MOST_KEPT)


def forget() -> None:
    """Drop what this process remembers."""
    _kept.forget()


# Known ones.


def find(key_id: str) -> ActorKey | None:
    """The key of this id, if it is known: to this process for some minutes, or in the tables, by one read."""
    return find_of(owners(key_id), key_id)


def find_of(possible: Iterable[str], key_id: str) -> ActorKey | None:
    """The key of this id, if one of these actors is known to sign with it."""
    return _kept.get(key_id) or _read(possible, key_id)


def find_again(key: ActorKey) -> ActorKey | None:
    """The key as the tables have it now, if that is another one: somebody else may have fetched it anew."""
    found = _read([key.owner], key.id)
    return found if found is not None and found.pem != key.pem else None


def _read(possible: Iterable[str], key_id: str) -> ActorKey | None:
    for owner, claim in store.find(possible).items():
        if claim.key_id == key_id and addresses.are_of_one_host(key_id, owner):
            return _kept.put(key_id, ActorKey(key_id, owner, claim.public_key or "", claim.id))
    return None


def owners(key_id: str) -> list[str]:
    """Which actors a key may belong to, by the forms that servers give its id."""
    if not addresses.is_foreign(key_id, fragment=True):
        return []
    base, fragment = urldefrag(key_id)
    return [base] if fragment else [base.rpartition("/")[0], base]


# Fetched ones.


def fetch(key_id: str, *, seconds: float = fetching.SECONDS) -> tuple[ActorKey, dict[str, Any]]:
    """The key of this id, and the document of its owner. Raises NotFetched."""
    if not addresses.is_foreign(key_id, fragment=True):
        raise Untrusted("the keyId is no address of another server")
    if limits.hit(FETCHES, addresses.host_of(key_id) or "", 60_000) > FETCHES_A_MINUTE:
        raise Unanswered("too many keys of this server at once")
    until = time.monotonic() + seconds
    found = fetching.document(key_id, seconds=seconds)
    actor = found
    if "publicKey" not in found:
        owner = _text(found.get("owner")) or _text(found.get("controller"))
        if owner is None or not addresses.are_of_one_host(owner, key_id):
            raise Untrusted("the key names no owner of its server")
        actor = fetching.document(owner, seconds=until - time.monotonic())
        if actor["id"] != owner:
            raise Untrusted("the key names another owner")
    key = ActorKey(key_id, actor["id"], _pem_in(actor, key_id))
    return _kept.put(key.id, key), actor


def renewed(key: ActorKey, *, seconds: float = fetching.SECONDS) -> ActorKey | None:
    """The key as its owner has it now, where a signature did not fit it. At most once in five minutes, else None.

    Raises NotFetched.
    """
    if not store.take_turn(key.owner, time.time(), PAUSE_SECONDS):
        return None
    fresh, _ = fetch(key.id, seconds=seconds)
    if fresh.owner != key.owner:
        raise Untrusted("the key has another owner now")
    store.renew(key.owner, fresh.id, fresh.pem, time.time())
    return fresh


def _pem_in(actor: Mapping[str, Any], key_id: str) -> str:
    """The key of this id in the document of an actor."""
    if not addresses.are_of_one_host(key_id, actor["id"]):
        raise Untrusted("the key is of another server than its owner")
    keys = actor.get("publicKey")
    for each in keys if isinstance(keys, list) else [keys]:
        if isinstance(each, Mapping) and each.get("id") == key_id and each.get("owner", actor["id"]) == actor["id"]:
            pem = each.get("publicKeyPem")
            if not public_keys.is_usable(pem):
                raise Untrusted("no usable key")
            return str(pem)
    raise Untrusted("the owner does not name this key")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
