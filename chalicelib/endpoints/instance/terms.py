"""The address of the terms on some other servers."""

from __future__ import annotations

from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Redirect


@endpoint("GET", "/terms", auth=public(), head=True)
def lead() -> Redirect:
    """To the page about this server, which leads to its terms."""
    return Redirect("/about")
