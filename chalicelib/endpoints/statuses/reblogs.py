"""Reblogs of statuses."""

from __future__ import annotations

from typing import Annotated, Literal

from ... import entities
from ...domain.statuses import interactions, reading, reblogs
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.statuses.status import render_status
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.limits import STATUS_ID_ACTION, STATUSES_ACTIONS
from ...web.paging import Page, Paged, Sizes
from ...web.params import FlakeId

LIMITS = (STATUSES_ACTIONS, STATUS_ID_ACTION.per("reblog", "id"))
Visibility = Literal["public", "unlisted", "local", "private", "direct"]
WhoDid = Annotated[Page, Sizes(default=interactions.MOST_LISTED, most=interactions.MOST_LISTED)]


@endpoint("POST", "/api/v1/statuses/{id}/reblog", auth=signed_in("write:statuses"), limits=LIMITS,
          ahead=reading.ahead)
def reblog(viewer: Viewer, id: FlakeId,
           visibility: Annotated[Visibility | None, "Default: as open as the original."] = None) -> entities.Status:
    """Reblog a status. A second time answers the first reblog."""
    status, around = reblogs.add(id, viewer, visibility)
    return render_status(status, viewer, around)


@endpoint("POST", "/api/v1/statuses/{id}/unreblog", auth=signed_in("write:statuses"), limits=LIMITS,
          ahead=reading.ahead)
def unreblog(viewer: Viewer, id: FlakeId) -> entities.Status:
    """Take a reblog back. Answers the original."""
    status, around = reblogs.remove(id, viewer)
    return render_status(status, viewer, around)


@endpoint("GET", "/api/v1/statuses/{id}/reblogged_by", auth=optional("read:accounts"), ahead=reading.ahead)
def reblogged_by(viewer: Viewer | None, id: FlakeId, page: WhoDid) -> Paged[entities.Account]:
    """Who reblogged a status, latest first."""
    found = interactions.list_who_reblogged(id, viewer, page)
    return page.reply(render_accounts(found.accounts, viewer), ids=found.cursors, continues=found.continues)
