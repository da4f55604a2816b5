"""The front page, for people who type the server's address into a browser."""

from __future__ import annotations

from ...domain.instance import about
from ...pages import front as pages
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import public_page
from ...web.replies import Html
from ...web.request import Request

SECONDS_KEPT = 60


@endpoint("GET", "/", auth=public(), head=True, shared=SECONDS_KEPT)
def front(request: Request) -> Html:
    """What this server is, its rules, how to sign up, and how to connect a client. Caches may keep it for a minute."""
    return public_page(request, pages.front(about.get_statistics()), seconds=SECONDS_KEPT)
