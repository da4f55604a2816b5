"""The terms of service as a page for people, and where they are on some other servers."""

from __future__ import annotations

from ...domain.instance.documents import TERMS
from ...domain.viewer import Viewer
from ...web.auth import optional, public
from ...web.endpoint import endpoint
from ...web.replies import Html, Redirect
from ...web.request import Request
from .about import document_page
from .front import SECONDS_KEPT


@endpoint("GET", "/about/terms", auth=optional(open=True), head=True, shared=SECONDS_KEPT)
def terms(request: Request, viewer: Viewer | None) -> Html:
    """The terms of service, as a page for people. The bare document is what clients show."""
    return document_page(request, viewer, "Terms of service", TERMS)


@endpoint("GET", "/terms", auth=public(), head=True)
def lead() -> Redirect:
    """To the page about this server, which leads to its terms."""
    return Redirect("/about")
