"""What signing in reads: a token with its account in one round, or a name's account in two."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..accounts import accounts, claims
from ..accounts.accounts import Account, Secret, ViewerSet
from ..accounts.claims import Claim
from ..dynamo import ahead
from ..dynamo.keys import Key, key
from ..dynamo.table import fetch
from . import tokens
from .tokens import Token

NOBODY = "nobody"
"""The id of no account."""


@dataclass(frozen=True)
class Session:
    """The records that were found. `account` is None for an app's own token."""

    hides: ViewerSet
    token: Token | None = None
    account: Account | None = None
    secret: Secret | None = None


def _nothing() -> Session:
    return Session(ViewerSet.blank("", accounts.VIEWER_SET))


def find_by_token(text: str, expected: Callable[[str], Iterable[Key]] | None = None) -> Session:
    """The token and its owner in one strong batch get, since the token contains the owner's id.

    `expected` answers, for the owner's id, what the request will read first. The same call reads that ahead.
    """
    wanted = tokens.access_key(text)
    if wanted is None:
        return _nothing()
    owner = wanted.hash
    also = list(expected(owner)) if expected is not None else []
    found = fetch(strong=[wanted, accounts.profile_key(owner), accounts.viewer_set_key(owner), *also])
    ahead.keep(also, found)
    return Session(
        accounts.viewer_set_in(found, owner), found.get(Token, owner, wanted.range), accounts.in_found(found, owner)
    )


def find_by_name(name: str) -> Session:
    """The account of a nickname or e-mail address, with its secrets. The nickname is tried first.

    Keyboards leave a blank behind a name, and people begin it with an `@`: neither belongs to it.

    For a name that nobody has it reads just as much, so that the time does not reveal who exists.
    """
    name = name.strip().removeprefix("@")
    nickname, email = claims.nickname_claim(name), claims.email_claim(name)
    owners = fetch(strong=[nickname, email])
    claim = owners.get(Claim, nickname.hash) or owners.get(Claim, email.hash)
    return find_by_id(claim.id if claim is not None else NOBODY)


def find_by_id(account_id: str) -> Session:
    """The account with its secrets and viewer set, in one round."""
    keys = [accounts.profile_key(account_id), accounts.viewer_set_key(account_id),
            key(Secret, account_id, accounts.SECRET)]
    found = fetch(strong=keys)
    return Session(
        accounts.viewer_set_in(found, account_id), None, accounts.in_found(found, account_id),
        found.get(Secret, account_id, accounts.SECRET),
    )
