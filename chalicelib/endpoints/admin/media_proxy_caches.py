"""What the media proxy keeps, and must not pass on."""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.staff import media_proxy
from ...entities.staff.banned_urls import render_banned_urls
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.params import MaxLength, StrictFlag

Urls = list[Annotated[str, MaxLength(10_000)]]
READ, WRITE = admin("admin:read:media_proxy_caches"), admin("admin:write:media_proxy_caches")


@endpoint("GET", "/api/pleroma/admin/media_proxy_caches", auth=READ)
def index(query: Annotated[str, "Part of the URL, in any letter case."] = "", page: int = 1,
          page_size: Annotated[int, "At most 100."] = 50) -> entities.BannedUrls:
    """The URLs that are banned, in their order."""
    return render_banned_urls(*media_proxy.list_banned(query, page, page_size))


@endpoint("POST", "/api/pleroma/admin/media_proxy_caches/delete", auth=WRITE)
def allow(urls: Urls) -> dict[str, Any]:
    """Ban these URLs no longer."""
    media_proxy.allow(urls)
    return {}


@endpoint("POST", "/api/pleroma/admin/media_proxy_caches/purge", auth=WRITE)
def purge(urls: Urls, ban: StrictFlag = True) -> dict[str, Any]:
    """Forget copies of these URLs, and ban them."""
    media_proxy.purge(urls, ban=ban)
    return {}
