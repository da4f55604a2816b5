"""Reading in two calls what an activity of another server is about.

Nobody has to know of it: whoever reads later finds it at hand, and what is missing here costs a call more (`foreseen`).
Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .. import ephemeral, hosts
from ..accounts import accounts
from ..accounts.claims import Claim, nickname_claim, uri_claim
from ..dynamo.foreseen import one_message as one_message
from ..dynamo.keys import Key
from ..dynamo.table import foresee
from ..relationships import relations
from ..statuses import marks
from ..statuses.statuses import Status, status_key
from . import received
from .accounts import ACCOUNT, STATUS

MARKING = frozenset({"Like", "EmojiReact", "Announce", "Undo"})


@dataclass(frozen=True)
class NamedThings:
    """What an activity names: uris of other servers, accounts and statuses of this one."""

    uris: Sequence[str]
    nicknames: Sequence[str]
    status_ids: Sequence[str]


@dataclass(frozen=True)
class ForeseenNames:
    """What the first call has found."""

    named: NamedThings
    claims: Sequence[Claim]
    own_ids: Sequence[str]
    statuses: Sequence[Status]


def foresee_names(named: NamedThings, done: Key | None, taken_back: Iterable[str], server: str | None,
                  ) -> ForeseenNames:
    """The first call. `done`: what tells that it was done. `taken_back`: by which it may have been taken back.
    `server`: who sends it.
    """
    uris, names = [uri_claim(each) for each in named.uris], [nickname_claim(each) for each in named.nicknames]
    keys: list[Key] = [*uris, *names, *map(status_key, named.status_ids), *([done] if done is not None else []),
                       *([hosts.row_key(server)] if server is not None else [])]
    keys += [ephemeral.kept_key(received.TAKEN_BACK, name) for name in dict.fromkeys(taken_back)]
    found = foresee(keys)
    return ForeseenNames(
        named, [claim for each in uris if (claim := found.get(Claim, each.hash)) is not None],
        [str(claim.id) for each in names if (claim := found.get(Claim, each.hash)) is not None], found.all(Status))


def foresee_around(names: ForeseenNames, me: str, type: str) -> None:
    """The second call. `me`: whose activity it is."""
    keys = [accounts.profile_key(me)]
    for claim in names.claims:
        if claim.kind == ACCOUNT:
            keys.append(accounts.profile_key(claim.id))
        if claim.kind == STATUS:
            keys += [status_key(claim.id), *_of_status(me, claim.id, str(claim.by), type)]
    for id in names.own_ids:
        keys += [accounts.profile_key(id), accounts.viewer_set_key(id), *relations.pair_keys(me, id)]
    for status in names.statuses:
        keys += _of_status(me, status.id, str(status.account_id), type)
    foresee(dict.fromkeys(keys))


def _of_status(me: str, status_id: str, author_id: str, type: str) -> list[Key]:
    """What must be read to act on a status, or to answer it."""
    keys = [accounts.profile_key(author_id), relations.relation_key(me, author_id)]
    if type in MARKING:
        keys += [marks.mark_key(me, status_id), accounts.viewer_set_key(author_id),
                 relations.relation_key(author_id, me)]
    return keys
