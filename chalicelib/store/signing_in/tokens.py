"""Tokens: what an app holds for an account or for itself. Only hashes of them are stored.

The token contains the owner's id, so that token, profile and viewer set are read in one batch get.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from ...ids import decode, encode, is_flake
from ...settings import settings
from ..dynamo.attributes import NumberAttribute, UnicodeAttribute
from ..dynamo.failures import Overtaken
from ..dynamo.keys import Key, key
from ..dynamo.table import ConditionFailed, Record, Table, Writes, fetch, named, transaction, update, write_batch
from ..instance import counters

LENGTH = 43


class TokensByApp(GlobalSecondaryIndex["Token"]):
    """Every token of an app, to end them with it."""

    class Meta:
        index_name = "by_app"
        projection = KeysOnlyProjection()

    app = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)


DAY = 86_400
OF_PLEROMA_FE = "fe."
"""With this the ids of apps begin that are Pleroma's own frontend, so that a token tells it without a read."""


class Token(Record):
    """An access (`A#`hash) or refresh (`R#`hash) token of an account or app.

    Asked: is this token alive (batch get with its account) · which tokens has this account (query).
    `said`: what the next page tells whoever sits before the browser that has this token: the name of a sentence.
    A token is alive while its row exists, until `expires`, and only in the account's present `token_generation`.
    """

    class Meta(Table):
        table_name = named("tokens")

    ABSENT = {"generation": 0}
    # An app's own token has this generation, which no account has.
    OF_APP = -1
    owner = UnicodeAttribute(hash_key=True)
    k = UnicodeAttribute(range_key=True)
    app = UnicodeAttribute()
    scopes = UnicodeAttribute()
    generation = NumberAttribute(attr_name="gen", null=True)
    created = NumberAttribute()
    expires = NumberAttribute()
    ttl = NumberAttribute(null=True)
    twin = UnicodeAttribute(null=True)
    said = UnicodeAttribute(null=True)
    used = NumberAttribute(null=True)
    """The day on which a request was last made with it, in days since 1970. Absent: none was after the first day."""
    by_app = TokensByApp()

    @property
    def number(self) -> int:
        """The id shown to clients: the first 52 bits of the hash."""
        return int(self.k[2:15], 16)

    @property
    def last_used(self) -> int:
        """The day of the latest request with it, in days since 1970, UTC."""
        return int(self.used or self.created // DAY)

    @property
    def is_of_pleroma_fe(self) -> bool:
        return bool(self.app.startswith(OF_PLEROMA_FE))

    @property
    def is_of_app(self) -> bool:
        """Whether an app holds it for itself, and not for an account."""
        return bool(self.generation == Token.OF_APP)

    @property
    def scope_list(self) -> tuple[str, ...]:
        return tuple(self.scopes.split())

    @property
    def expired(self) -> bool:
        return self.expires <= time.time()


@dataclass(frozen=True)
class Minted:
    """A pair of fresh tokens. This is the only moment at which their texts are known."""

    access_token: str
    refresh_token: str
    record: Token


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def mint(owner: str) -> str:
    """A new token of 43 characters: 16 bytes name the owner, 16 are random."""
    return _base64(decode(owner).to_bytes(16) + secrets.token_bytes(16))


def owner_of(token: str) -> str | None:
    """The account or app that a token names. None when it cannot be a token of ours."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    owner = encode(int.from_bytes(raw[:16]))
    return owner if is_flake(owner) and decode(owner).to_bytes(16) == raw[:16] else None


def random_token() -> str:
    """32 random bytes in 43 characters: codes, client ids and secrets."""
    return _base64(secrets.token_bytes(32))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def access_key(token: str) -> Key | None:
    owner = owner_of(token)
    return None if owner is None else key(Token, owner, "A#" + hash_of(token))


def refresh_key(token: str) -> Key | None:
    owner = owner_of(token)
    return None if owner is None else key(Token, owner, "R#" + hash_of(token))


def issue(owner: str, app: str, scopes: Iterable[str], generation: int) -> Minted:
    """Write a fresh access token and its refresh token, in one transaction. One of an account counts as a sign-in."""
    with transaction() as write:
        issuing = issue_in if generation == Token.OF_APP else sign_in
        return issuing(write, owner, app, scopes, generation)


def sign_in(write: Writes, owner: str, app: str, scopes: Iterable[str], generation: int) -> Minted:
    """The tokens of an account that signs in, within a transaction, which counts that."""
    counters.count_sign_in(write, owner)
    return issue_in(write, owner, app, scopes, generation)


def issue_in(write: Writes, owner: str, app: str, scopes: Iterable[str], generation: int) -> Minted:
    held = {"app": app, "scopes": " ".join(scopes), "generation": generation}
    return _issue(write, owner, held, mint(owner), None)


def renew(used: Token, refresh_token: str, *, keep: bool) -> Minted:
    """Exchange a refresh token for a new access token. That ends the old one. `keep`: the refresh token stays.

    Raises Overtaken when the refresh token is gone, or another refresh was faster.
    """
    still = Token.twin == used.twin
    try:
        with transaction() as write:
            write.delete(Token.stub(used.owner, used.twin))
            if not keep:
                write.delete(Token.stub(used.owner, used.k), still)
            refresh, condition = (refresh_token, still) if keep else (mint(used.owner), None)
            held = {"app": used.app, "scopes": used.scopes, "generation": int(used.generation)}
            return _issue(write, used.owner, held, refresh, condition)
    except ConditionFailed as failed:
        raise Overtaken from failed


def _issue(write: Writes, owner: str, held: Mapping[str, Any], refresh: str, condition: Condition | None) -> Minted:
    """`held`: what both tokens say of app, scopes and generation."""
    access = mint(owner)
    now = int(time.time())
    access_hash, refresh_hash = "A#" + hash_of(access), "R#" + hash_of(refresh)
    expires = now + settings.token_expires_in
    common = {**held, "created": now, "expires": expires}
    record = Token(owner, access_hash, twin=refresh_hash, ttl=expires, **common)
    write.put(record)
    write.put(Token(owner, refresh_hash, twin=access_hash, **common), condition)
    return Minted(access, refresh, record)


def revoke(record: Token) -> None:
    """Delete an access token and its refresh token, both or none. Harmless when they are already gone."""
    with transaction() as write:
        write.delete(Token.stub(record.owner, record.k))
        if record.twin:
            write.delete(Token.stub(record.owner, record.twin))


def say(record: Token, what: str | None) -> None:
    """Let the next page say something, or nothing any more. Harmless when the token is gone."""
    told = Token.said.set(what) if what is not None else Token.said.remove()
    update(Token.stub(record.owner, record.k), [told], Token.k.exists())


def use(record: Token) -> None:
    """Note that the token is used today. One write a day, and none on its first. Harmless when the token is gone."""
    today = int(time.time() // DAY)
    if record.last_used < today:
        update(Token.stub(record.owner, record.k), [Token.used.set(today)], Token.k.exists())


def find_access(token: str) -> Token | None:
    wanted = access_key(token)
    return None if wanted is None else fetch(strong=[wanted]).get(Token, wanted.hash, wanted.range)


def list_of(owner: str) -> list[Token]:
    """Every access token of an account, in no order."""
    return list(Token.query(owner, Token.k.startswith("A#"), consistent_read=True))


def find_by_number(owner: str, number: int) -> Token | None:
    """The access token that the account sees under this number."""
    start = f"A#{number:013x}"
    return next(iter(Token.query(owner, Token.k.startswith(start), consistent_read=True, limit=1)), None)


def end_of_app(client_id: str, most: int) -> list[str]:
    """Delete tokens of an app, so many at most. Answers the owner of each: the index also has some just deleted."""
    rows = list(Token.by_app.query(client_id, limit=most))
    write_batch(deletes=[Token.stub(row.owner, row.k) for row in rows])
    return [str(row.owner) for row in rows]
