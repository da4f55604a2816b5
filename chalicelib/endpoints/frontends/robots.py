"""What robots are asked to leave alone. What people wish for their own pages stands on these."""

from __future__ import annotations

from typing import Annotated

from ...settings import settings
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply

PLAIN = "text/plain"
NO_PAGES = ("/api/", "/oauth/", "/auth/", "/account", "/main/ostatus", "/authorize_interaction", "/ostatus_subscribe",
            "/embed/", "/media/backups/")
A_DAY = {"Cache-Control": "public, max-age=86400"}


@endpoint("GET", "/robots.txt", auth=public(), head=True)
def robots() -> Annotated[Reply[str], As(kinds=(PLAIN,))]:
    """The addresses that robots shall leave alone: what is no page, or everything."""
    paths = ("/",) if settings.robots == "none" else NO_PAGES
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths), ""]
    return Reply("\n".join(lines), 200, A_DAY, content_type=f"{PLAIN}; charset=utf-8")
