"""The instance: what this server is, how much is on it, and what it can do.

Statistics, and lists of other servers, may be a minute old: each process reads them once a minute at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from ...settings import settings
from ...store.accounts import accounts
from ...store.federation import host_rows
from ...store.instance import counters
from ...store.instance.counters import Statistics as Statistics

T = TypeVar("T")
REMEMBERED_SECONDS = 60.0
MOST_SERVERS = 10_000
"""Rows of other servers that are read for lists of them: about a megabyte."""
MASTODON_VERSION = "2.7.2"
PLEROMA_VERSION = "2.2.50"
POST_FORMATS = ["text/plain", "text/html", "text/markdown", "text/bbcode"]
MAX_ATTACHMENTS = 4
MAX_REMOTE_FIELDS = 20
STREAMING = "mastodon_api_streaming"

# A feature is named if its endpoint (method and path) is served. With "" it needs no endpoint of its own.
FEATURES = {
    "pleroma_api": "",
    "mastodon_api": "",
    STREAMING: "GET /api/v1/streaming",
    "polls": "POST /api/v1/polls/{id}/votes",
    "pleroma_explicit_addressing": "POST /api/v1/statuses",
    "shareable_emoji_packs": "GET /api/pleroma/emoji/packs",
    "multifetch": "GET /api/v1/statuses",
    "pleroma:api/v1/notifications:include_types_filter": "GET /api/v1/notifications",
    "pleroma_emoji_reactions": "PUT /api/v1/pleroma/statuses/{id}/reactions/{emoji}",
    "pleroma_chat_messages": "GET /api/v1/pleroma/chats",
}


def list_features(served: Collection[str]) -> list[str]:
    """The features that clients may count on, given what is served (`METHOD /path`)."""
    found = [name for name, endpoint in FEATURES.items() if not endpoint or endpoint in served]
    return [*found, "safe_dm_mentions"] if settings.safe_dm_mentions else found


def get_statistics() -> Statistics:
    """How many accounts and statuses are on this server, and how many other servers it knows."""
    return _statistics.get()


def list_peers() -> list[str]:
    """The other servers of which accounts are known here, by name."""
    return [each.host for each in _servers.get() if each.is_met]


def list_unreachable() -> dict[str, int]:
    """The servers that failed at least three times in a row, with when that was noted."""
    return {each.host: each.since for each in _servers.get() if each.since is not None}


def list_staff_nicknames() -> list[str]:
    """Administrators and moderators whose accounts are active, in the order of their ids."""
    return _staff.get()


def forget() -> None:
    """Drop what this process remembers."""
    _statistics.forget()
    _servers.forget()
    _staff.forget()


class _Remembered(Generic[T]):
    """A value that is read again after a minute at the earliest. Two threads may both read it at once."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        now, kept = time.monotonic(), self._kept
        if kept is not None and now - kept[0] < REMEMBERED_SECONDS:
            return kept[1]
        value = self._ask()
        self._kept = (now, value)
        return value

    def forget(self) -> None:
        self._kept = None


def _ask_statistics() -> Statistics:
    return Statistics(*(max(number, 0) for number in counters.statistics()))


def _ask_staff() -> list[str]:
    found = accounts.find_many(sorted(counters.staff_ids()))
    return [account.nickname for _, account in sorted(found.items()) if account.status == "active"]


_statistics = _Remembered(_ask_statistics)
_staff = _Remembered(_ask_staff)
_servers = _Remembered(lambda: host_rows.list_servers(MOST_SERVERS))
