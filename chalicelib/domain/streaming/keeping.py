"""Keeping sockets open, and closing those whose time or token is over."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ...queues import queue
from ...queues.streaming import KeepAlive
from ...settings import settings
from ...store.dynamo.parallel import together
from ...store.streaming import audience, connections, gateway
from ...store.streaming.gateway import Posted
from ..signing_in.signing_in import viewer_of
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
    """Send a heartbeat to sockets, and close those that have been open for as long as they may."""
    there = connections.find_many(ids)
    now = time.time() if settings.ends_sockets else 0
    over, lasting = [[str(each.id) for each in there if (each.ends <= now) is ends] for ends in (True, False)]
    beat = opening.response(opening.HEARTBEAT, opening.IGNORED)
    outcomes = gateway.post_all({id: [beat] for id in lasting})
    together(*[lambda id=id: connections.note_heartbeat(id) for id in lasting],
             *[lambda id=id: gateway.end(id) for id in over])
    return {"kept": outcomes[Posted.DONE], "gone": outcomes[Posted.GONE], "ended": len(over)}


def close(account_id: str, socket_ids: Sequence[str]) -> dict[str, int]:
    """Close sockets of an account that are named, and those whose tokens are over."""
    there = connections.list_of(account_id)
    held = audience.holders(there)
    over = [each for each in there if each.id in socket_ids or viewer_of(*held[each.id]) is None]
    for each in over:
        gateway.end(each.id)
    return {"closed": len(over)}
