"""Accounts that want to be found, by the day of their latest status. Those that never wrote anything are not listed."""

from __future__ import annotations

from collections.abc import Sequence

from ..dynamo.parallel import together
from .accounts import Account

MOST = 1_000
"""So many are looked at, of this server and of others each."""


def most_active(listings: Sequence[str], count: int) -> list[str]:
    """The ids of those who wrote last, the latest first. `listings`: as `listed` on the account. One round."""
    found = together(*[lambda each=each: _newest(each, min(count, MOST)) for each in listings])
    rows = sorted((row for each in found for row in each), reverse=True)
    return [id for _, id in rows[:count]]


def _newest(listing: str, count: int) -> list[tuple[str, str]]:
    rows = Account.by_listing.query(listing, scan_index_forward=False, limit=count)
    return [(str(row.last_status_at), str(row.id)) for row in rows]
