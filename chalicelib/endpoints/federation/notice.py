"""The pages of statuses, for people. Servers are led to the object."""

from __future__ import annotations

from typing import Annotated

from ...domain.federation import own_statuses
from ...domain.instance import openness
from ...domain.timelines import threads
from ...domain.viewer import Viewer
from ...entities.statuses.status import render_status, render_statuses
from ...pages import statuses as pages
from ...pages import visit_of
from ...web.auth import optional
from ...web.endpoint import endpoint
from ...web.pages import SECONDS, by_form, public_page
from ...web.replies import Html, Redirect
from ...web.request import Request
from .answers import demand_federation, redirect, redirect_to_notice, wants_document


@endpoint("GET", "/notice/{id}", auth=optional("read:statuses", open=True), head=True, shared=SECONDS,
          refuses=(401, 403, 404, 410))
def show(request: Request, viewer: Viewer | None, id: str,
         after: Annotated[str | None, "Only replies after the one with this id."] = None) -> Html | Redirect:
    """A status as a page, in its thread. A reblog leads to what is reblogged. What another server's people wrote is
    shown there, unless one is signed in here: then it can be answered and favourited here too.
    """
    if wants_document(request):
        demand_federation()
        return redirect(own_statuses.address_of(id))
    openness.demand_statuses(viewer)
    part = threads.get_part(id, viewer, after=after)
    if part.status.reblog_of:
        return redirect_to_notice(part.status.reblog_of)
    if part.status.host and viewer is None:
        return by_form(redirect(part.status.url))
    before, following = (render_statuses(side, viewer, part.around, context=threads.CONTEXT)
                         for side in (part.before, part.after))
    shown = pages.ShownThread(before, following, part.levels, part.earlier, part.more_after)
    return public_page(request, pages.thread(render_status(part.status, viewer, part.around), shown,
                                             visit=visit_of(viewer, request.target)))
