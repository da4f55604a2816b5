"""URLs that are banned from the media proxy."""

from __future__ import annotations

from typing import TypedDict

from ...store.staff.bans import Banned


class BannedUrls(TypedDict):
    """A page of URLs. `count`: how many match in all."""

    urls: list[str]
    count: int
    page_size: int


def render_banned_urls(banned: Banned, size: int) -> BannedUrls:
    return {"urls": banned.urls, "count": banned.count, "page_size": size}
