"""What lives for a while: authorization codes, MFA tokens, rate-limit windows, idempotency records.

DynamoDB deletes expired rows late, so every reader also looks at the clock.
"""

from __future__ import annotations

import time
from typing import Any

from .dynamo.attributes import Document, NumberAttribute, UnicodeAttribute
from .dynamo.keys import Key, key
from .dynamo.table import Record, Table, Writes, create, fetch, named, remove
from .signing_in.tokens import hash_of


class Ephemeral(Record):
    """`c#` code · `m#` MFA token · `r#` password reset · `q#` used captcha · `i#` idempotency · `l#` limit window
    · `g#` what another server could not give · `f#` `v#` an account, a poll that was asked for
    · `n#` id of what comes of an activity · `s#` sent letter · `w#` name of another server's actor
    · `b#` a server that a list asks just now · `d#` what was typed by somebody who is signed out.
    """

    class Meta(Table):
        table_name = named("ephemeral")

    ABSENT = {"hits": 0}
    key = UnicodeAttribute(hash_key=True)
    ttl = NumberAttribute()
    hits = NumberAttribute(attr_name="n", null=True)
    state = UnicodeAttribute(null=True)
    doc = Document(null=True)


SPENT = "spent"


def kept_key(kind: str, secret: str) -> Key:
    """The key under which `keep` stores it. For batch gets; `alive` reads what they find."""
    return key(Ephemeral, f"{kind}#{hash_of(secret)}")


def alive(row: Ephemeral | None) -> dict[str, Any] | None:
    return None if row is None or row.ttl <= time.time() else row.doc or {}


def keep(kind: str, secret: str, doc: dict[str, Any], seconds: int) -> None:
    """Remember `doc` under the hash of a secret."""
    create(Ephemeral(kept_key(kind, secret).hash, ttl=int(time.time()) + seconds, doc=doc))


def keep_at(wanted: Key, seconds: int) -> None:
    """Remember that there was something. `wanted` is by `kept_key`."""
    create(Ephemeral(wanted.hash, ttl=int(time.time()) + seconds))


def keep_first(kind: str, secret: str, seconds: int) -> bool:
    """Remember that the secret was used. False when that is remembered already."""
    now = int(time.time())
    free = Ephemeral.key.does_not_exist() | (Ephemeral.ttl <= now)
    return create(Ephemeral(kept_key(kind, secret).hash, ttl=now + seconds), free)


def forget(kind: str, secret: str) -> None:
    """Forget what was kept, before its time."""
    remove(Ephemeral.stub(kept_key(kind, secret).hash))


def look(kind: str, secret: str) -> dict[str, Any] | None:
    """What was kept, unless it has expired."""
    return alive(next(iter(Ephemeral.query(kept_key(kind, secret).hash, consistent_read=True, limit=1)), None))


def find(kind: str, secret: str) -> dict[str, Any] | None:
    """As `look`, by the call that every function may make."""
    wanted = kept_key(kind, secret)
    return alive(fetch(strong=[wanted]).get(Ephemeral, wanted.hash))


def take(kind: str, secret: str) -> dict[str, Any] | None:
    """Take out what was kept. Of two requests at the same moment only one gets it."""
    doc = look(kind, secret)
    row = Ephemeral.stub(kept_key(kind, secret).hash)
    return doc if doc is not None and remove(row, Ephemeral.key.exists()) else None


def spend_in(write: Writes, kind: str, secret: str) -> None:
    """Take it out within a transaction. That fails with label SPENT when somebody else took it first."""
    write.delete(Ephemeral.stub(kept_key(kind, secret).hash), Ephemeral.key.exists(), label=SPENT)
