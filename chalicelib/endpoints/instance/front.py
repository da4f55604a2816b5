"""The front page, for people who type the server's address into a browser."""

from __future__ import annotations

from ...domain.instance import about
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Html
from ..pages import front as pages

SECONDS_KEPT = 60


@endpoint("GET", "/", auth=public(), head=True)
def front() -> Html:
    """What this server is, its rules, how to sign up, and how to connect a client. Caches may keep it for a minute."""
    reply = Html(pages.front(about.get_statistics()))
    reply.headers = {"Cache-Control": f"public, max-age={SECONDS_KEPT}"}
    return reply
