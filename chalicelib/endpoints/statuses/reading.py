"""Reading statuses and their threads."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.statuses import cards, reading
from ...domain.viewer import Viewer
from ...entities.statuses.card import render_card
from ...entities.statuses.context import render_context
from ...entities.statuses.status import render_status, render_statuses
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.kinds import Fault
from ...web.params import Flag, FlakeId, InvalidParameters


@endpoint("GET", "/api/v1/statuses", auth=optional("read:statuses"))
def index(viewer: Viewer | None, ids: list[str] | None = None,
          id: Annotated[list[str] | None, "A second name of `ids`."] = None,
          with_muted: Flag = False) -> list[entities.Status]:
    """Several statuses at once, in the order asked. What the viewer may not see is left out."""
    ids = id if ids is None else ids
    if ids is None:
        raise InvalidParameters([Fault(("ids",), "Missing field: ids")])
    shown, around = reading.list_by_ids(ids, viewer)
    return render_statuses(shown, viewer, around, with_muted=with_muted)


@endpoint("GET", "/api/v1/statuses/{id}", auth=optional("read:statuses", open=True), ahead=reading.ahead)
def show(viewer: Viewer | None, id: FlakeId, with_muted: Flag = False) -> entities.Status:
    """One status. A reblog's id gives the reblog."""
    status, around = reading.get(id, viewer)
    return render_status(status, viewer, around, with_muted=with_muted)


@endpoint("GET", "/api/v1/statuses/{id}/context", auth=optional("read:statuses"), ahead=reading.ahead)
def context(viewer: Viewer | None, id: FlakeId, with_muted: Flag = False) -> entities.Context:
    """The visible statuses of the whole thread, before and after this one, oldest first."""
    return render_context(reading.thread_of(id, viewer), viewer, with_muted=with_muted)


@endpoint("GET", "/api/v1/statuses/{id}/card", auth=optional("read:statuses"), ahead=reading.ahead)
def card(viewer: Viewer | None, id: FlakeId) -> entities.Card | None:
    """The preview of a status' first link, if there is one."""
    return render_card(cards.of_status(id, viewer))
