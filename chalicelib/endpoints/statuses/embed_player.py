"""The sound or the video of a status in the frames of other pages."""

from __future__ import annotations

from ...domain.federation import own_statuses
from ...domain.refusals import NotFound
from ...entities.statuses.status import render_status
from ...pages import statuses as pages
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import embedded_page
from ...web.replies import Html

PLAYED = ("video", "gifv", "audio")


@endpoint("GET", "/notice/{id}/embed_player", auth=public(), head=True, refuses=(404,))
def embed_player(id: str) -> Html:
    """The first attachment of a status, if it is sound or video, for a frame."""
    status, around = own_statuses.get_embedded(id)
    shown = render_status(status, None, around)
    attachment = next(iter(shown["media_attachments"]), None)
    if attachment is None or attachment["type"] not in PLAYED:
        raise NotFound
    return embedded_page(pages.player(shown, attachment))
