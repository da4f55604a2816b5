"""The first reply of an Idempotency-Key, kept for its repeats.

A record is `pending` while the first request works, then it holds the reply. No function works for more than a
minute. If a record is pending for longer, the function has died and the work may be done again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from .dynamo.attributes import NumberAttribute, UnicodeAttribute
from .dynamo.keys import bounded
from .dynamo.table import Record, Table, create, named, remove

PENDING_SECONDS = 60
KEPT_SECONDS = 6 * 3600
LARGEST_REPLY = 350_000


class FirstReply(Record):
    """`i#`account#method#path#key: the reply once there is one. The body is an attribute of its own, so that it is not
    escaped twice.

    Asked: is the key free (conditional put) · what was the reply (query of one, strong).
    """

    class Meta(Table):
        table_name = named("ephemeral")

    key = UnicodeAttribute(hash_key=True)
    ttl = NumberAttribute()
    state = UnicodeAttribute()
    status = NumberAttribute(null=True)
    body = UnicodeAttribute(null=True)
    content_type = UnicodeAttribute(attr_name="type", null=True)
    request_id = UnicodeAttribute(attr_name="rid", null=True)


@dataclass(frozen=True)
class KeptReply:
    status: int
    body: str
    content_type: str
    request_id: str


def key_of(account_id: str, method: str, path: str, key: str) -> str:
    return bounded(f"i#{account_id}#", f"{method}#{path}#{key}")


def claim(record_key: str) -> bool:
    """Try to be the first. True: the key was free, and is ours until `keep` or `release`."""
    now = int(time.time())
    free = FirstReply.key.does_not_exist() | (FirstReply.ttl <= now)
    return create(FirstReply(record_key, ttl=now + PENDING_SECONDS, state="pending"), free)


def find(record_key: str) -> KeptReply | None:
    """The reply, once there is one."""
    row = next(iter(FirstReply.query(record_key, consistent_read=True, limit=1)), None)
    if row is None or row.ttl <= time.time() or row.state != "kept":
        return None
    return KeptReply(int(row.status), row.body or "", row.content_type, row.request_id)


def keep(record_key: str, reply: KeptReply) -> None:
    """Remember the reply. One too large for an item is not kept; the key is released instead."""
    if len(reply.body.encode()) > LARGEST_REPLY:
        release(record_key)
        return
    create(FirstReply(record_key, ttl=int(time.time()) + KEPT_SECONDS, state="kept", status=reply.status,
                      body=reply.body, content_type=reply.content_type, request_id=reply.request_id))


def release(record_key: str) -> None:
    """Forget the key. The next request with it does the work again."""
    remove(FirstReply.stub(record_key))
