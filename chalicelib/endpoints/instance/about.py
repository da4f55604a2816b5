"""The page about this server, and the documents that belong to it."""

from __future__ import annotations

from ...domain.instance.documents import PRIVACY
from ...domain.viewer import Viewer
from ...pages import front as pages
from ...pages import visit_of
from ...web.auth import optional, public
from ...web.endpoint import endpoint
from ...web.pages import public_page
from ...web.replies import Html, Redirect
from ...web.request import Request
from .documents import within_a_page
from .front import SECONDS_KEPT, shown_staff


@endpoint("GET", "/about", auth=optional(open=True), head=True, shared=SECONDS_KEPT)
def about(request: Request, viewer: Viewer | None) -> Html:
    """Who runs this server, its rules and limits, and what it is made with."""
    return public_page(request, pages.about(shown_staff(viewer), visit=visit_of(viewer, request.target)),
                       seconds=SECONDS_KEPT)


@endpoint("GET", "/about/privacy", auth=optional(open=True), head=True, shared=SECONDS_KEPT)
def privacy(request: Request, viewer: Viewer | None) -> Html:
    """The privacy policy, as a page for people."""
    return document_page(request, viewer, "Privacy policy", PRIVACY)


def document_page(request: Request, viewer: Viewer | None, title: str, name: str) -> Html:
    """A document of the instance within a page for people."""
    html = pages.document(title, within_a_page(name), request.path, visit=visit_of(viewer, request.target))
    return public_page(request, html, seconds=SECONDS_KEPT)


@endpoint("GET", "/about/more", auth=public(), head=True)
def about_more() -> Redirect:
    """An older address of the same."""
    return Redirect("/about")
