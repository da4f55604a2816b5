"""Expiring statuses: they are deleted when their time is over, unless their author has pinned them."""

from __future__ import annotations

import time

from ...store.accounts import accounts
from ...store.statuses import statuses
from . import reading as deleting


def expire(status_id: str) -> None:
    """Delete the status if its time is over and it is not pinned. Unpinning asks for this again."""
    status = statuses.find(status_id)
    if status is None or status.expires is None or status.expires > time.time():
        return
    author = accounts.find(status.account_id)
    if author is not None and status.id in (author.pins or ()):
        return
    deleting.bury(status)
