"""Keeping sockets open, and closing those whose time or token is over."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ...queues import queue
from ...queues.streaming import KeepAlive
from ...settings import settings
from ...store.dynamo.parallel import together
from ...store.streaming import audience, connections, gateway
from ...store.streaming.connections import Connection
from ...store.streaming.gateway import Posted
from ..signing_in.signing_in import is_alive
from . import opening

AT_ONCE = 100
"""Sockets of one message."""
MOST = 10_000
"""Sockets of one sweep."""


def sweep() -> int:
    """Ask for heartbeats that are due. Answers how many."""
    if not settings.streaming:
        return 0
    ids = connections.list_due(time.time(), MOST)
    queue.send_all(KeepAlive(ids[start:start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))
    return len(ids)


def keep_alive(ids: Sequence[str]) -> dict[str, int]:
    """Send a heartbeat to sockets. Close those that have been open for as long as they may, or whose tokens are over.

    Most of these were closed when the tokens ended. No event tells of the others: a token expires, or a message is
    lost.
    """
    there = connections.find_many(ids)
    now = time.time() if settings.ends_sockets else 0
    ended = {id for id, held in audience.tokens_of(there).items() if not is_alive(*held)}
    ended |= {str(each.id) for each in there if each.ends <= now}
    over, lasting = [[str(each.id) for each in there if (each.id in ended) is ends] for ends in (True, False)]
    beat = opening.response(opening.HEARTBEAT, opening.IGNORED)
    outcomes = gateway.post_all({id: [beat] for id in lasting})
    together(*[lambda id=id: connections.note_heartbeat(id) for id in lasting],
             *[lambda id=id: gateway.end(id) for id in over])
    return {"kept": outcomes[Posted.DONE], "gone": outcomes[Posted.GONE], "ended": len(over)}


def close(account_ids: Sequence[str], socket_ids: Sequence[str]) -> dict[str, int]:
    """Close sockets of accounts that are named, and those whose tokens are over."""
    there = _sockets_of(account_ids)
    held = audience.tokens_of(there, strong=True)
    over = [str(each.id) for each in there if each.id in socket_ids or not is_alive(*held[each.id])]
    together(*[lambda id=id: gateway.end(id) for id in over])
    return {"closed": len(over)}


def _sockets_of(account_ids: Sequence[str]) -> list[Connection]:
    """Of a few accounts by a query of each. Of many, out of all that are open."""
    if len(account_ids) <= connections.SHARDS:
        return [each for id in account_ids for each in connections.list_of(id)]
    wanted = frozenset(account_ids)
    return [each for each in connections.list_all() if each.account_id in wanted]
