"""What an account favourited."""

from __future__ import annotations

from ... import entities
from ...domain import lookup
from ...domain.refusals import NotFound
from ...domain.timelines import favourites_and_bookmarks
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_statuses
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged
from ...web.params import FlakeId


@endpoint("GET", "/api/v1/pleroma/accounts/{id}/favourites", auth=optional("read:favourites"))
def index(viewer: Viewer | None, id: FlakeId, page: Page) -> Paged[entities.Status]:
    """What an account favourited, as far as the viewer may see it; newest status first, paged by status ids."""
    account = lookup.get_visible(id, viewer, nickname_ok=False, unknown=NotFound.default)
    found = favourites_and_bookmarks.favourites_of(account, viewer, page)
    shown = render_statuses(found.statuses, viewer, found.around)
    return page.reply(shown, continues=found.continues)
