"""Statuses in the frames of other pages."""

from __future__ import annotations

from ...domain.federation import own_statuses
from ...entities.statuses.status import render_status
from ...pages import statuses as pages
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import embedded_page
from ...web.replies import Html


@endpoint("GET", "/embed/{id}", auth=public(), head=True, refuses=(404,))
def embed(id: str) -> Html:
    """A public or unlisted status of this server by itself, for a frame. No cookie matters."""
    status, around = own_statuses.get_embedded(id)
    return embedded_page(pages.embed(render_status(status, None, around)))
