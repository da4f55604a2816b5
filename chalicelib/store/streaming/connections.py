"""Connections: the sockets that are open, with all that each of them listens to.

A connection is one item. So nothing is left over when a function dies, and whatever comes twice changes nothing.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Collection, Iterable

from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import size
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from ..dynamo.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from ..dynamo.keys import key
from ..dynamo.parallel import together
from ..dynamo.table import Record, Table, create, fetch, named, remove, update

SHARDS = 4
"""Partitions over which connections are spread. All are read for what anybody may listen to."""
HEARTBEAT = 480
"""Seconds between two messages that keep a socket open. A sweep that comes once a minute has to be in time for ten
minutes."""
EARLIEST_END, LATEST_END = 6_000, 7_080
"""Seconds after which a socket is closed: between 100 and 118 minutes. The gateway would do it after 120."""
LASTS = 7_800
"""Seconds after which the row of a socket is not there any more, if nobody has deleted it."""
OPENS_WITHIN = 30
"""Seconds from the row of a socket until it can be sent something: as long as a gateway waits for a function."""
MOST_STREAMS = 20
FORGOTTEN_AFTER = 900
"""Seconds that a heartbeat may be late. After that a connection does not count as one."""
OPEN = "o"
EMPTY: frozenset[str] = frozenset()


class ConnectionsByAccount(GlobalSecondaryIndex["Connection"]):
    """The sockets of an account: for what only that account gets, and to close them."""

    class Meta:
        index_name = "by_account"
        projection = AllProjection()

    account_id = UnicodeAttribute(hash_key=True, attr_name="a")
    id = UnicodeAttribute(range_key=True, attr_name="c")


class ConnectionsByDue(GlobalSecondaryIndex["Connection"]):
    """By the moment of the next heartbeat. It also tells with one small read whether anybody is connected."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    state = UnicodeAttribute(hash_key=True, attr_name="x")
    due = NumberAttribute(range_key=True)


class Connection(Record):
    """An open socket.

    Asked: all that listen, for what happens in public (query of each shard) · those of an account (by_account)
    · which are due for a heartbeat, and whether there are any (by_due).
    """

    class Meta(Table):
        table_name = named("streams")

    ABSENT = {"streams": EMPTY, "scopes": ""}
    ENDS = True
    shard = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True, attr_name="c")
    account_id = UnicodeAttribute(attr_name="a", null=True)
    token_key = UnicodeAttribute(attr_name="k", null=True)
    """The key of the token in its table, after the owner. A token that is gone ends the socket."""
    scopes = UnicodeAttribute(attr_name="s", null=True)
    streams = UnicodeSetAttribute(attr_name="st", null=True)
    """Each as one text (`domain/streaming/streams`)."""
    ends = NumberAttribute(attr_name="e")
    state = UnicodeAttribute(attr_name="x", null=True)
    due = NumberAttribute()
    ttl = NumberAttribute()
    by_account = ConnectionsByAccount()
    by_due = ConnectionsByDue()


def shard_of(id: str) -> str:
    return str(zlib.crc32(id.encode()) % SHARDS)


def _stub(id: str) -> Connection:
    return Connection.stub(shard_of(id), id)


def lifetime(id: str) -> int:
    """Seconds after which a socket is closed. Those that began together do not end together."""
    return EARLIEST_END + zlib.crc32(b"end" + id.encode()) % (LATEST_END - EARLIEST_END)


def add(id: str, account_id: str | None, token_key: str | None, scopes: Iterable[str],
        streams: Collection[str]) -> None:
    """Note that a socket is open. Twice changes nothing."""
    now = int(time.time())
    create(Connection(
        shard_of(id), id, account_id=account_id, token_key=token_key, scopes=" ".join(scopes),
        streams=set(streams) or None, ends=now + lifetime(id), state=OPEN, due=now + HEARTBEAT, ttl=now + LASTS))


def find(id: str) -> Connection | None:
    wanted = key(Connection, shard_of(id), id)
    return fetch(strong=[wanted]).get(Connection, wanted.hash, wanted.range)


def authenticate(id: str, account_id: str, token_key: str, scopes: Iterable[str]) -> bool:
    """Give a socket its account. False if it has one already, or is closed."""
    return update(
        _stub(id), [Connection.account_id.set(account_id), Connection.token_key.set(token_key),
                    Connection.scopes.set(" ".join(scopes))],
        Connection.id.exists() & Connection.account_id.does_not_exist())


def subscribe(id: str, stream: str) -> bool:
    """Let a socket listen to one more stream. False if it listens to as many as it may, or is closed."""
    room = Connection.streams.does_not_exist() | (size("st") < MOST_STREAMS)
    return update(_stub(id), [Connection.streams.add({stream})], Connection.id.exists() & room)


def unsubscribe(id: str, stream: str) -> bool:
    return update(_stub(id), [Connection.streams.delete({stream})], Connection.id.exists())


def forget(id: str) -> None:
    """Forget a socket. Harmless when it is forgotten already."""
    remove(_stub(id))


def forget_lost(id: str) -> None:
    """Forget a socket that the gateway does not know. It does not know those yet that are about to open."""
    remove(_stub(id), Connection.ttl < int(time.time()) + LASTS - OPENS_WITHIN)


# Who listens.


def list_all() -> list[Connection]:
    """Everybody who listens, in no order."""
    return [each for found in together(*[lambda shard=shard: _of_shard(shard) for shard in map(str, range(SHARDS))])
            for each in found]


def _of_shard(shard: str) -> list[Connection]:
    return _there(Connection.query(shard))


def list_of(account_id: str) -> list[Connection]:
    """The sockets of an account, in no order."""
    return _there(Connection.by_account.query(account_id))


def _there(found: Iterable[Connection]) -> list[Connection]:
    now = time.time()
    return [each for each in found if each.ttl > now]


def is_any() -> bool:
    """Whether anybody is connected: one read of half a unit. Nobody, if that cannot be read: no request may fail by it.
    """
    overdue = int(time.time()) - FORGOTTEN_AFTER
    try:
        return any(True for _ in Connection.by_due.query(OPEN, Connection.due > overdue, limit=1))
    except PynamoDBException:
        return False


# Keeping them open.


def list_due(before: float, most: int) -> list[str]:
    """The ids of sockets whose heartbeat is due by then, the longest overdue first."""
    return [str(row.id) for row in Connection.by_due.query(OPEN, Connection.due <= int(before), limit=most)]


def find_many(ids: Iterable[str]) -> list[Connection]:
    """Those that are open, in one round."""
    return fetch(strong=[key(Connection, shard_of(id), id) for id in ids]).all(Connection)


def note_heartbeat(id: str) -> None:
    update(_stub(id), [Connection.due.set(int(time.time()) + HEARTBEAT)], Connection.id.exists())
