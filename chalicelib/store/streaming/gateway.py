"""The gateway that holds the sockets. It takes one call for each message to each socket."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import lru_cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ...aws import clients
from . import connections

log = logging.getLogger("kenoma.streaming")
AT_ONCE = 48
"""So many messages are on their way at the same time."""
MOST_BYTES = 128 * 1024
"""The longest message that the gateway takes."""
GONE = "GoneException"
TOO_MANY = "LimitExceededException"
PAUSE = 0.2
"""Seconds that a client gets that is too slow, or a gateway that did not answer, before the only other try."""
_making = threading.Lock()


class Posted(Enum):
    DONE = "sent"
    GONE = "gone"
    """The socket is closed."""
    LOST = "lost"
    """It could not be sent. Nobody tries again: what happened can be read."""


def _client() -> Any:
    with _making:
        return _made_client()


@lru_cache(maxsize=1)
def _made_client() -> Any:
    """Where the gateway is says AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI, as botocore reads it."""
    return clients.client("apigatewaymanagementapi", connect_timeout=2, read_timeout=3, max_pool_connections=AT_ONCE,
                          retries={"total_max_attempts": 1, "mode": "standard"})


def forget_client() -> None:
    """Drop the client (the local stage and the tests change the endpoint)."""
    _made_client.cache_clear()


def post(id: str, data: bytes) -> Posted:
    """Send a message to a socket. What is longer than the gateway takes is not sent."""
    if len(data) > MOST_BYTES:
        return Posted.LOST
    sent = _tried(lambda: _client().post_to_connection(ConnectionId=id, Data=data))
    if sent is Posted.LOST:
        time.sleep(PAUSE)
        sent = _tried(lambda: _client().post_to_connection(ConnectionId=id, Data=data))
    return sent


def post_all(messages: Mapping[str, Sequence[bytes]]) -> Counter[Posted]:
    """Send messages to sockets, to many at a time, to each in the order given. Sockets that are gone are forgotten."""
    if not messages:
        return Counter()
    with ThreadPoolExecutor(min(AT_ONCE, len(messages))) as pool:
        outcomes = [pool.submit(contextvars.copy_context().run, _post_in_order, id, each)
                    for id, each in messages.items()]
    return sum((each.result() for each in outcomes), Counter())


def _post_in_order(id: str, messages: Sequence[bytes]) -> Counter[Posted]:
    outcomes: Counter[Posted] = Counter()
    for each in messages:
        outcome = post(id, each)
        outcomes[outcome] += 1
        if outcome is Posted.GONE:
            connections.forget_lost(id)
            break
    return outcomes


def end(id: str) -> None:
    """Close a socket, and forget it."""
    close(id)
    connections.forget(id)


def close(id: str) -> Posted:
    """Close a socket."""
    return _tried(lambda: _client().delete_connection(ConnectionId=id))


def _tried(call: Any) -> Posted:
    try:
        call()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code == GONE or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 410:
            return Posted.GONE
        if code == "BadRequestException":  # no id of a socket
            return Posted.GONE
        log.warning("not streamed", extra={"error": code})
        return Posted.LOST
    except BotoCoreError as error:
        log.warning("not streamed", extra={"error": type(error).__name__})
        return Posted.LOST
    return Posted.DONE
