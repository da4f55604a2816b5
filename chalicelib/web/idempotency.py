"""Idempotency-Key: the first reply to a signed-in POST, PUT or PATCH is kept, and repeats get it again.

A key belongs to an account, a method and a path. A repeat that comes while the first request still works waits for it.
Every reply is kept, refusals too. Only after a 429, or a status from 500 on, is the key free again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import quote

from ..domain.refusals import Conflict
from ..store import idempotency as store
from . import logs
from .body import sound
from .replies import Rendered
from .request import Request

PATIENCE_SECONDS = 3.0
PAUSE_SECONDS = 0.15
METHODS = frozenset({"POST", "PUT", "PATCH"})
RUNNING = "A request with this Idempotency-Key is still being worked on"
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))


def key_in(request: Request) -> str | None:
    """The key of a request, if it has one and its method allows one."""
    if request.method not in METHODS or not request.route.startswith("/api/"):
        return None
    return sound(request.headers.get("idempotency-key", "")) or None


def once(key: str, account_id: str, request: Request, work: Callable[[], Rendered]) -> Rendered:
    """The reply of `work`, or the kept reply of an earlier request. Conflict: another request works and does not end.

    `work` turns its own failures into replies.
    """
    record = store.key_of(account_id, request.method, request.path, key)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not store.claim(record):
        kept = store.find(record)
        if kept is not None:
            headers = _headers(key, kept.request_id) | {"Idempotent-Replayed": "true"}
            return Rendered(kept.status, kept.body, kept.content_type, headers)
        if time.monotonic() >= deadline:
            raise Conflict(RUNNING)
        time.sleep(PAUSE_SECONDS)
    return _first(record, key, request, work)


def _first(record: str, key: str, request: Request, work: Callable[[], Rendered]) -> Rendered:
    reply = work()
    try:
        if reply.status >= 500 or reply.status == 429:
            store.release(record)
        else:
            store.keep(record, store.KeptReply(reply.status, reply.body, reply.content_type, request.id))
    except Exception:  # noqa: BLE001  (the work is done, so the reply must go out even if it cannot be kept)
        logs.crashed(request.id, request.method, request.route)
    reply.headers |= _headers(key, request.id)
    return reply


def _headers(key: str, request_id: str) -> dict[str, str]:
    return {"Idempotency-Key": quote(key, safe=_PRINTABLE), "X-Original-Request-Id": request_id}
