"""Sending an activity to an inbox: one request, signed by its actor."""

from __future__ import annotations

from ... import outside
from ...outside import Fetched, Signer
from .. import hosts


def post(inbox: str, body: bytes, signer: Signer) -> Fetched:
    """Deliver a body. `signer` is that of the activity's actor, made for this body (`keys.signer_for`).

    A reply of any status is a result; at most 64 KB of it are read. Where the inbox has a query and the server does
    not take the signature, it is signed once more without the query, as other servers do.
    Raises outside.Unreachable, hosts.NotNow.
    """
    with hosts.asking(inbox):
        reply = outside.deliver(inbox, body, signer)
        if reply.status == 401 and "?" in inbox:
            reply = outside.deliver(inbox, body, _without_query(signer))
        return reply


def _without_query(signer: Signer) -> Signer:
    return lambda method, host, target: signer(method, host, target.partition("?")[0])
