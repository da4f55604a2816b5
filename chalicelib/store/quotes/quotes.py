"""Quotes: what a status knows of the one that it quotes.

A quote is in a *state*. One that is accepted has none: it is shown, counted by the quoted status, and listed there. A
quote that is not accepted keeps what it quotes, so that it can be accepted later.
"""

from __future__ import annotations

from ...ids import decode, encode, flake_of_text
from ..statuses.statuses import Status

PENDING, REJECTED, REVOKED, DELETED = "pending", "rejected", "revoked", "deleted"
"""The quoted author has not answered yet; has said no; has taken the quote back; the quoted status is deleted."""
EVERYBODY, FOLLOWERS, NOBODY = "public", "followers", "nobody"
POLICIES = (EVERYBODY, FOLLOWERS, NOBODY)
_OTHER_HALF = 1 << 63


def may_count(status: Status) -> bool:
    """Whether the quoted status lists it: it is accepted, or may be."""
    return status.quote_of is not None and status.quote_state in (None, PENDING) and not status.reblog_of


def depends_on_follows(status: Status) -> bool:
    """Whether it matters for a quote how somebody stands to the author. Of a reblog it is the original's author."""
    return bool(status.quote_policy == FOLLOWERS)


def cause_of(status_id: str) -> str:
    """The cause of the notification about a quote. It is of the same moment as the status, which may mention too."""
    return encode(decode(status_id) ^ _OTHER_HALF)


def stamp_for(quoted_id: str, quoting: Status) -> str:
    """The flake of the stamp that allows a status to quote one of this server."""
    return stamp_for_uri(quoted_id, quoting.uri) if quoting.host is not None else str(quoting.id)


def stamp_for_uri(quoted_id: str, uri: str) -> str:
    """As `stamp_for`, for a status of another server, which need not be here yet."""
    return flake_of_text(f"{quoted_id} {uri}")
