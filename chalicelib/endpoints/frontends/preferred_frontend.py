"""Which frontend somebody prefers: one of those that the settings offer. A cookie remembers it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ...domain.frontends import serving
from ...domain.refusals import BadRequest
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.fronting import COOKIE
from ...web.replies import Reply

A_YEAR = 31_536_000


@endpoint("GET", "/api/v1/akkoma/preferred_frontend/available", auth=public())
def available() -> list[str]:
    """The frontends that one may choose."""
    return serving.list_pickable()


@endpoint("PUT", "/api/v1/akkoma/preferred_frontend", auth=public())
def choose(frontend_name: str) -> Reply[dict[str, Any]]:
    """Remember a frontend in a cookie of the browser."""
    return Reply({"frontend_name": frontend_name}, headers={"Set-Cookie": cookie_for(frontend_name)})


def cookie_for(name: str) -> str:
    """The cookie that remembers a frontend. Raises BadRequest if it may not be chosen."""
    if name not in serving.list_pickable():
        raise BadRequest("There is no such frontend")
    return f"{COOKIE}={quote(name, safe='')}; Path=/; SameSite=Lax; Max-Age={A_YEAR}"
