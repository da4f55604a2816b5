"""The media proxy, as administrators keep it: which URLs it must not pass on, whether or not there is one."""

from __future__ import annotations

from collections.abc import Sequence

from ...store.staff import bans
from ...store.staff.bans import Banned

MOST_LISTED = 100


def list_banned(query: str, page: int, size: int) -> tuple[Banned, int]:
    """A page of the banned URLs that contain a text, by URL, and how many a page may have. Pages count from 1."""
    size = min(max(size, 1), MOST_LISTED)
    return bans.find(query, (max(page, 1) - 1) * size, size), size


def allow(urls: Sequence[str]) -> None:
    """Ban these URLs no longer."""
    bans.remove(urls)


def purge(urls: Sequence[str], *, ban: bool) -> None:
    """Forget copies of these URLs, and ban them if that is wanted. Nothing keeps copies so far."""
    if ban:
        bans.add(urls)
