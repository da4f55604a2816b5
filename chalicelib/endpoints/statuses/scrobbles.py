"""Scrobbles: noting what one listens to, and seeing what others do."""

from __future__ import annotations

from dataclasses import dataclass
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
from ...web.params import Flat, Named

Visibility = Literal["public", "unlisted", "local", "private", "direct"]


@dataclass(frozen=True)
class Heard:
    """What one listens to. The link has two names, since frontends of 2025 spell it in another way."""

    title: str
    artist: str = ""
    album: str = ""
    length: Annotated[int | None, "Milliseconds."] = None
    visibility: Visibility = "public"
    external_link: Annotated[str | None, "Where the music is."] = None
    external_link_too: Annotated[str | None, Named("externalLink"), "The same."] = None

    @property
    def listening(self) -> Listening:
        return Listening(self.title, self.artist, self.album, self.length, self.visibility,
                         self.external_link or self.external_link_too)


@endpoint("POST", "/api/v1/pleroma/scrobble", auth=signed_in("write", newer="write:scrobbles"))
def scrobble(viewer: Viewer, heard: Flat[Heard]) -> entities.Scrobble:
    """Note what one listens to."""
    return render_scrobble(scrobbles.add(heard.listening, viewer), viewer.account, viewer)


@endpoint("GET", "/api/v1/pleroma/accounts/{id}/scrobbles", auth=optional("read", newer="read:scrobbles"),
          refuses=(401, 404))
def index(viewer: Viewer | None, id: str, page: Page) -> Paged[entities.Scrobble]:
    """What an account, by id or nickname, listened to, latest first."""
    account = lookup.get_visible(id, viewer, unknown=NotFound.default)
    found = scrobbles.list_of(account, viewer, page)
    return page.reply([render_scrobble(row, account, viewer) for row in found.rows], continues=found.continues)
