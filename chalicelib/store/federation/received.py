"""What has come from other servers: claims of what accounts there did, and marks that live for a while.

A mark `a#` says that an activity has been dealt with, unless it left a claim of its own address. A mark `x#` says that
something was taken back before it came. `n#` has the id of what comes of an activity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...ids import new_flake
from .. import ephemeral, hosts
from ..accounts import accounts
from ..accounts.accounts import PROFILE, Account
from ..accounts.claims import Claim, nickname_claim, uri_claim
from ..dynamo.keys import Key
from ..dynamo.table import FoundRecords, create, fetch, remove
from ..ephemeral import Ephemeral
from ..hosts import Host
from .accounts import ACCOUNT, BLOCK, FAVOURITE, FOLLOW, REACTION

DONE, TAKEN_BACK, MADE = "a", "x", "n"
OF_DEEDS = frozenset({FOLLOW, FAVOURITE, REACTION, BLOCK})
"""Kinds of claims of what accounts did. They only serve to take that back, and to tell that it was done."""
DONE_SECONDS, TAKEN_BACK_SECONDS = 7 * 86_400, 86_400
UNFOLLOWED_SECONDS = 300
"""So long after a follow has ended, one of the same address is a late copy of it, and so is another end. Afterwards
they are new: Misskey gives all follows of an account by another the same address, and all their ends too."""


@dataclass(frozen=True)
class Arrived:
    """What one round of reads tells of an activity when it comes. `accounts`: claims of actors, by uri."""

    accounts: dict[str, Claim]
    owner: Claim | None
    """Of the nickname whose inbox it came to."""
    is_done: bool
    is_taken_back: bool = False
    server: Host | None = None
    """How the server answered lately that was named."""


def done_key(name: str, *, is_claimed: bool) -> Key:
    """What is there once an activity was done: a claim of its address, or a mark."""
    return uri_claim(name) if is_claimed else ephemeral.kept_key(DONE, name)


def look_up(actors: Iterable[str], done: Key | None, nickname: str | None = None, names: Iterable[str] = (),
            server: str | None = None) -> Arrived:
    """One round. `done`: what tells that the activity was done. `names`: by which it may have been taken back.
    `server`: who sends it.
    """
    by_uri = {uri: uri_claim(uri) for uri in dict.fromkeys(actors)}
    owner = nickname_claim(nickname) if nickname is not None else None
    taken = [ephemeral.kept_key(TAKEN_BACK, name) for name in dict.fromkeys(names)]
    more = [each for each in (done, owner, hosts.row_key(server) if server is not None else None)
            if each is not None]
    found = fetch(strong=[*by_uri.values(), *taken, *more])
    claims = {uri: claim for uri, each in by_uri.items()
              if (claim := found.get(Claim, each.hash)) is not None and claim.kind == ACCOUNT}
    return Arrived(claims, found.get(Claim, owner.hash) if owner is not None else None,
                   _is_done(found, done), any(_is_there(found, each) for each in taken),
                   hosts.in_found(found, server) if server is not None else None)


def _is_done(found: FoundRecords, done: Key | None) -> bool:
    if done is None:
        return False
    if done.model is not Claim:
        return _is_there(found, done)
    claim = found.get(Claim, done.hash)
    return claim is not None and claim.kind in OF_DEEDS


def _is_there(found: FoundRecords, wanted: Key) -> bool:
    return ephemeral.alive(found.get(Ephemeral, wanted.hash)) is not None


def has_readers(account_id: str, parent: str | None) -> bool:
    """Whether somebody here follows an account, or what a status of it answers is here. One round."""
    profile, answered = accounts.profile_key(account_id), uri_claim(parent) if parent else None
    found = fetch(strong=[profile, *([answered] if answered is not None else [])])
    account = found.get(Account, account_id, PROFILE)
    return (account is not None and account.followers_count > 0) or (
        answered is not None and found.get(Claim, answered.hash) is not None)


def find_named(uris: Iterable[str], nicknames: Iterable[str] = ()) -> tuple[dict[str, Claim], dict[str, Claim]]:
    """The claims of uris, and those of nicknames of this server. One round."""
    by_uri = {uri: uri_claim(uri) for uri in dict.fromkeys(uris)}
    by_name = {name: nickname_claim(name) for name in dict.fromkeys(nicknames)}
    keys: list[Key] = [*by_uri.values(), *by_name.values()]
    found = fetch(strong=keys)
    return tuple(  # type: ignore[return-value]
        {name: claim for name, each in wanted.items() if (claim := found.get(Claim, each.hash)) is not None}
        for wanted in (by_uri, by_name))


def done(key: Key | None, seconds: int = DONE_SECONDS) -> None:
    """Note that an activity has been dealt with. What comes again under its id within this time changes nothing.

    Who leaves a claim of its address has noted it so.
    """
    if key is not None and key.model is Ephemeral:
        ephemeral.keep_at(key, seconds)


def take_back(name: str, seconds: int = TAKEN_BACK_SECONDS) -> None:
    """Note that what has this name was taken back. Should it come yet, within this time, it is left out.

    The first note counts: a late copy of the end of a follow makes it no longer.
    """
    ephemeral.keep_first(TAKEN_BACK, name, seconds)


def is_taken_back(*names: str) -> bool:
    """Whether something of one of these names was taken back before. One round."""
    keys = [ephemeral.kept_key(TAKEN_BACK, name) for name in dict.fromkeys(names)]
    found = fetch(strong=keys)
    return any(_is_there(found, each) for each in keys)


def id_for(activity: str) -> str:
    """An id for what comes of an activity. A run that follows one that died gets the same."""
    kept = ephemeral.find(MADE, activity)
    if kept is None:
        kept = {"id": new_flake()}
        ephemeral.keep(MADE, activity, kept, DONE_SECONDS)
    return str(kept["id"])


# What accounts did, by the uri that their server gave it.


def follow_claim(uri: str, id: str, by: str, on: str) -> Claim:
    return Claim(uri_claim(uri).hash, id=id, kind=FOLLOW, by=by, on=on)


def claim(uri: str, kind: str, *, by: str, on: str, id: str = "") -> None:
    """Note what an account did under this uri, unless the uri is that of something else. `id`: of a reaction."""
    create(Claim(uri_claim(uri).hash, id=id or on, kind=kind, by=by, on=on), Claim.key.does_not_exist())


def unclaim(uri: str, by: str) -> None:
    """Forget what the account did under this uri."""
    remove(Claim.stub(uri_claim(uri).hash), Claim.by == by)


def mark_gone(uri: str) -> None:
    """Note that the account was deleted where it belongs. It does not come back."""
    stub = Claim.stub(uri_claim(uri).hash)
    stub.update([Claim.gone.set(True)], Claim.key.exists())
