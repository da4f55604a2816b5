"""Public keys of other servers' accounts, in the claims of their uris: one read for a signature."""

from __future__ import annotations

from collections.abc import Iterable

from ..accounts.claims import Claim, uri_claim
from ..dynamo.table import fetch, update


def find(uris: Iterable[str]) -> dict[str, Claim]:
    """The claims of these uris that have a key, in one round."""
    wanted = {uri: uri_claim(uri) for uri in uris}
    found = fetch(strong=wanted.values())
    claims = {uri: found.get(Claim, each.hash) for uri, each in wanted.items()}
    return {uri: claim for uri, claim in claims.items() if claim is not None and claim.public_key}


def take_turn(uri: str, now: float, pause: float) -> bool:
    """Be the one who fetches the key anew. False: somebody did so within the pause, or there is no such claim."""
    may = Claim.keyed.does_not_exist() | (Claim.keyed <= int(now - pause))
    return update(Claim.stub(uri_claim(uri).hash), [Claim.keyed.set(int(now))], Claim.key.exists() & may)


def renew(uri: str, key_id: str, pem: str, now: float) -> None:
    """Store the key that the account has now."""
    update(Claim.stub(uri_claim(uri).hash),
           [Claim.key_id.set(key_id), Claim.public_key.set(pem), Claim.keyed.set(int(now))], Claim.key.exists())
