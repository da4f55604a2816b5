"""Which frontend people of Akkoma like to see. One is offered, which this server knows by its name only."""

from __future__ import annotations

from typing import Any

from ...domain.refusals import Unacceptable
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Reply

AVAILABLE = ["pleroma-fe/stable"]
A_YEAR = 31_536_000


@endpoint("GET", "/api/v1/akkoma/preferred_frontend/available", auth=public())
def available() -> list[str]:
    """The frontends that one may choose."""
    return AVAILABLE


@endpoint("PUT", "/api/v1/akkoma/preferred_frontend", auth=public(), refuses=(422,))
def choose(frontend_name: str) -> Reply[dict[str, Any]]:
    """Remember a frontend in a cookie of the browser."""
    if frontend_name not in AVAILABLE:
        raise Unacceptable("There is no such frontend")
    cookie = f"preferred_frontend={frontend_name.replace('/', '%2F')}; Path=/; Max-Age={A_YEAR}; HttpOnly; SameSite=Lax"
    return Reply({"frontend_name": frontend_name}, headers={"Set-Cookie": cookie})
