"""Sending an activity to an inbox: one request, signed by its actor."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from ... import outside
from ...outside import Fetched, Signer
from .. import hosts

LATER = frozenset({408, 425, 429})
NOT_IMPLEMENTED = 501
LONGEST_WISH = 48 * 3600
"""No server is left alone for longer because it asks for it."""


def post(inbox: str, body: bytes, signer: Signer) -> Fetched:
    """Deliver a body. `signer` is that of the activity's actor, made for this body (`keys.signer_for`).

    A reply of any status is a result; at most 64 KB of it are read. Where the inbox has a query and the server does
    not take the signature, it is signed once more without the query, as other servers do.
    A server that has no time now is left alone for a while, as one that does not answer, and for as long as it asks.
    Raises outside.Unreachable, hosts.NotNow.
    """
    with hosts.asking(inbox) as turn:
        reply = outside.deliver(inbox, body, signer)
        if reply.status == 401 and "?" in inbox:
            reply = outside.deliver(inbox, body, _without_query(signer))
        if has_no_time(reply.status):
            turn.put_off(retry_after(reply))
        return reply


def has_no_time(status: int) -> bool:
    """Whether a reply of this status means that the same request may do well later."""
    return status in LATER or (status >= 500 and status != NOT_IMPLEMENTED)


def retry_after(reply: Fetched) -> float:
    """For how many seconds the server wants to be left alone. 0: it does not say."""
    said = reply.headers.get("retry-after", "").strip()
    try:
        seconds = float(said) if said.isascii() and said.isdigit() else _seconds_until(said)
    except (ValueError, OverflowError):
        return 0
    return min(max(seconds, 0), LONGEST_WISH)


def _seconds_until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - time.time()


def _without_query(signer: Signer) -> Signer:
    return lambda method, host, target: signer(method, host, target.partition("?")[0])
