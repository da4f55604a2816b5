"""Favourites of statuses."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain import lookup
from ...domain.refusals import NotFound
from ...domain.statuses import favourites, interactions, reading
from ...domain.timelines import favourites_and_bookmarks
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.statuses.status import render_status, render_statuses
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.limits import STATUS_ID_ACTION, STATUSES_ACTIONS
from ...web.paging import Page, Paged, Sizes
from ...web.params import FlakeId

LIMITS = (STATUSES_ACTIONS, STATUS_ID_ACTION.per("favourite", "id"))
WhoDid = Annotated[Page, Sizes(default=interactions.MOST_LISTED, most=interactions.MOST_LISTED)]


@endpoint("POST", "/api/v1/statuses/{id}/favourite", auth=signed_in("write:favourites"), limits=LIMITS,
          ahead=reading.ahead)
def favourite(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Favourite a status. A second favourite answers the same and counts once."""
    status, around = favourites.add(id, viewer)
    return render_status(status, viewer, around)


@endpoint("POST", "/api/v1/statuses/{id}/unfavourite", auth=signed_in("write:favourites"), limits=LIMITS,
          ahead=reading.ahead)
def unfavourite(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Take a favourite back."""
    status, around = favourites.remove(id, viewer)
    return render_status(status, viewer, around)


@endpoint("GET", "/api/v1/statuses/{id}/favourited_by", auth=optional("read:accounts"), ahead=reading.ahead)
def favourited_by(viewer: Viewer | None, id: FlakeId, page: WhoDid) -> Paged[entities.Account]:
    """Who favourited a status, latest first."""
    found = interactions.list_who_favourited(id, viewer, page)
    return page.reply(render_accounts(found.accounts, viewer), ids=found.cursors, continues=found.continues)


@endpoint("GET", "/api/v1/favourites", auth=signed_in("read:favourites"))
def index(viewer: Viewer, page: Page) -> Paged[entities.Status]:
    """What the viewer favourited, latest favourite first. Page it with the Link header only."""
    found = favourites_and_bookmarks.list_favourites(viewer, page)
    shown = render_statuses(found.statuses, viewer, found.around)
    return page.reply(shown, ids=found.cursors, continues=found.continues)


@endpoint("GET", "/api/v1/pleroma/accounts/{id}/favourites", auth=optional("read:favourites"), refuses=(401,))
def of_account(viewer: Viewer | None, id: FlakeId, page: Page) -> Paged[entities.Status]:
    """What an account favourited, if the viewer may see it; newest status first, paged by status ids."""
    account = lookup.get_visible(id, viewer, nickname_ok=False, unknown=NotFound.default)
    found = favourites_and_bookmarks.list_favourites_of(account, viewer, page)
    shown = render_statuses(found.statuses, viewer, found.around)
    return page.reply(shown, continues=found.continues)
