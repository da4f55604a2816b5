"""Scrobbles: noting what one listens to, and seeing what others do."""

from __future__ import annotations

from typing import Annotated, Literal

from ... import entities
from ...domain import lookup
from ...domain.refusals import NotFound
from ...domain.statuses import scrobbles
from ...domain.statuses.scrobbles import Listening
from ...domain.viewer import Viewer
from ...entities.statuses.scrobble import render_scrobble
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged

Visibility = Literal["public", "unlisted", "local", "private", "direct"]


@endpoint("POST", "/api/v1/pleroma/scrobble", auth=signed_in("write"))
def scrobble(viewer: Viewer, title: str, artist: str = "", album: str = "",
             length: Annotated[int | None, "Milliseconds."] = None,
             visibility: Visibility = "public") -> entities.Scrobble:
    """Note what one listens to."""
    row = scrobbles.add(Listening(title, artist, album, length, visibility), viewer)
    return render_scrobble(row, viewer.account, viewer)


@endpoint("GET", "/api/v1/pleroma/accounts/{id}/scrobbles", auth=optional("read"), refuses=(401, 404))
def index(viewer: Viewer | None, id: str, page: Page) -> Paged[entities.Scrobble]:
    """What an account, by id or nickname, listened to, latest first."""
    account = lookup.get_visible(id, viewer, unknown=NotFound.default)
    found = scrobbles.list_of(account, viewer, page)
    return page.reply([render_scrobble(row, account, viewer) for row in found.rows], continues=found.continues)
