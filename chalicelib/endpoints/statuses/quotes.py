"""Quotes of statuses."""

from __future__ import annotations

from ... import entities
from ...domain.quotes import answers, listing
from ...domain.statuses import reading
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_status, render_statuses
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.limits import STATUSES_ACTIONS
from ...web.paging import Page, Paged
from ...web.params import Flag, FlakeId

WRITE = signed_in("write:statuses")


@endpoint("GET", "/api/v1/statuses/{id}/quotes", auth=signed_in("read:statuses"), ahead=reading.ahead)
def index(viewer: Viewer, id: FlakeId, page: Page, with_muted: Flag = False) -> Paged[entities.Status]:
    """What quotes a status, newest first."""
    return _listed(viewer, id, page, with_muted)


@endpoint("GET", "/api/v1/pleroma/statuses/{id}/quotes", auth=optional("read:statuses"), ahead=reading.ahead)
def index_for_pleroma(viewer: Viewer | None, id: FlakeId, page: Page,
                      with_muted: Flag = False) -> Paged[entities.Status]:
    """The same, for visitors too."""
    return _listed(viewer, id, page, with_muted)


def _listed(viewer: Viewer | None, id: str, page: Page, with_muted: bool) -> Paged[entities.Status]:
    found = listing.list_of(id, viewer, page, with_muted=with_muted)
    shown = render_statuses(found.statuses, viewer, found.around, with_muted=with_muted)
    return page.reply(shown, continues=found.continues)


@endpoint("POST", "/api/v1/statuses/{id}/quotes/{quoting_id}/revoke", auth=WRITE, limits=(STATUSES_ACTIONS,),
          ahead=reading.ahead)
def revoke(viewer: Viewer, id: FlakeId, quoting_id: FlakeId) -> entities.Status:
    """Take a status of one's own out of a quote. Answers the quote."""
    status, around = answers.revoke(id, quoting_id, viewer)
    return render_status(status, viewer, around)
