"""Opening and closing sockets, and choosing what they listen to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from ...settings import settings
from ...store.relationships import lists
from ...store.streaming import connections, gateway
from ...store.streaming.connections import Connection
from ..signing_in.signing_in import Caller, Credentials, authenticate
from . import listening, streams
from .streams import LIST, Stream

MOST_SOCKETS = 10
RESPONSE = "pleroma:respond"
SUBSCRIBE, UNSUBSCRIBE, AUTHENTICATE, HEARTBEAT = "subscribe", "unsubscribe", "pleroma:authenticate", "heartbeat"
BAD_TOPIC, UNAUTHORIZED, ALREADY = "bad_topic", "unauthorized", "already_authenticated"
SUCCESS, IGNORED = {"result": "success"}, {"result": "ignored"}
Result = Mapping[str, str]


class Opened(Enum):
    """What becomes of a socket."""

    YES = "open"
    UNAUTHORIZED = "unauthorized"
    NO_SUCH_STREAM = "no such stream"


def open_socket(id: str, token: str, asked: Mapping[str, Any]) -> Opened:
    """Open a socket for who has the token (empty: nobody), with the stream that is asked for. Without one it waits.

    One read and one write; another read for a list, and one for the other sockets of an account.
    """
    caller = authenticate(Credentials(token)) if token else Caller()
    if token and caller.viewer is None and caller.app_token is None:
        return Opened.UNAUTHORIZED
    stream = streams.named(asked)
    if stream is None and asked.get("stream"):
        return Opened.NO_SUCH_STREAM
    account_id = caller.viewer.id if caller.viewer is not None else None
    if stream is not None:
        if not may_listen(stream, account_id, caller.scopes or ()):
            return Opened.UNAUTHORIZED
        if not is_there(stream, account_id):
            return Opened.NO_SUCH_STREAM
    if account_id is not None:
        _make_room(account_id)
    token_key = caller.viewer.token.k if caller.viewer is not None and caller.viewer.token is not None else None
    listening.note()
    connections.add(id, account_id, token_key, caller.scopes or (), [stream.text] if stream is not None else [])
    return Opened.YES


def close_socket(id: str) -> None:
    """Forget a socket that is closed. It may be told twice, late, or never."""
    connections.forget(id)


def may_listen(stream: Stream, account_id: str | None, scopes: tuple[str, ...]) -> bool:
    """Whether an account with these scopes, or nobody, may listen to a stream."""
    if stream.is_public:
        return account_id is not None or not (settings.restrict_timelines or not settings.public)
    return account_id is not None and stream.is_allowed(scopes)


def is_there(stream: Stream, account_id: str | None) -> bool:
    """Whether what a stream is of exists: a list has to be the account's own."""
    return stream.name != LIST or (account_id is not None and lists.find(account_id, stream.value) is not None)


def _make_room(account_id: str) -> None:
    """Let the oldest sockets of an account end, so that there are not too many with one more."""
    there = sorted(connections.list_of(account_id), key=lambda each: (each.ttl, each.id))
    too_many = [str(each.id) for each in there[:max(len(there) - MOST_SOCKETS + 1, 0)]]
    if too_many:
        from .. import events  # rarely needed, and brings all listeners
        from ..event_types.streaming import SocketsOutnumbered

        events.tell(SocketsOutnumbered(account_id, too_many))


# What clients say on an open socket.


def hear(id: str, said: str) -> None:
    """Do what a client says, and answer. What cannot be understood is ignored, and has no answer."""
    wanted = _understood(said)
    if wanted is None:
        return
    connection = connections.find(id)
    if connection is None:
        gateway.close(id)  # nothing would ever be sent there
        return
    result = DOING[wanted["type"]](connection, wanted)
    if gateway.post(id, response(wanted["type"], result)) is gateway.Posted.GONE:
        connections.forget(id)


def _understood(said: str) -> dict[str, Any] | None:
    try:
        wanted = json.loads(said)
    except (ValueError, RecursionError):
        return None
    is_known = isinstance(wanted, dict) and isinstance(wanted.get("type"), str) and wanted["type"] in DOING
    return wanted if is_known else None


def _subscribe(connection: Connection, wanted: Mapping[str, Any]) -> Result:
    stream = streams.named(wanted)
    if stream is None:
        return _error(BAD_TOPIC)
    if not may_listen(stream, connection.account_id, tuple(connection.scopes.split())):
        return _error(UNAUTHORIZED)
    if stream.text in connection.streams:
        return IGNORED
    if not is_there(stream, connection.account_id) or not connections.subscribe(connection.id, stream.text):
        return _error(BAD_TOPIC)
    return SUCCESS


def _unsubscribe(connection: Connection, wanted: Mapping[str, Any]) -> Result:
    stream = streams.named(wanted)
    if stream is None:
        return _error(BAD_TOPIC)
    if stream.text not in connection.streams:
        return IGNORED
    connections.unsubscribe(connection.id, stream.text)
    return SUCCESS


def _authenticate(connection: Connection, wanted: Mapping[str, Any]) -> Result:
    if connection.account_id is not None:
        return _error(ALREADY)
    token = wanted.get("token")
    viewer = authenticate(Credentials(token)).viewer if isinstance(token, str) and token else None
    if viewer is None or viewer.token is None:
        return _error(UNAUTHORIZED)
    _make_room(viewer.id)
    held = connections.authenticate(connection.id, viewer.id, viewer.token.k, viewer.scopes or ())
    return SUCCESS if held else _error(ALREADY)


DOING = {SUBSCRIBE: _subscribe, UNSUBSCRIBE: _unsubscribe, AUTHENTICATE: _authenticate}


def _error(error: str) -> Result:
    return {"result": "error", "error": error}


def response(type: str, result: Result) -> bytes:
    """The answer to what a client said. Its `stream` is empty: some clients end at a message that has none."""
    payload = json.dumps({"type": type, **result}, separators=(",", ":"))
    return json.dumps({"stream": [], "event": RESPONSE, "payload": payload}, separators=(",", ":")).encode()
