"""Whom accounts recommend on their profiles."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import endorsements, following
from ...domain.viewer import Viewer
from ...entities.accounts.account import render_accounts
from ...entities.relationships.relationship import render_relationship
from ...web.auth import optional, signed_in
from ...web.endpoint import endpoint
from ...web.paging import Page, Paged, Sizes
from ...web.params import FlakeId

WRITE = signed_in("follow", "write:accounts")
Few = Annotated[Page, Sizes(default=40, most=80)]


@endpoint("POST", "/api/v1/accounts/{id}/endorse", auth=WRITE, ahead=following.ahead)
def endorse(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Recommend an account that the viewer follows. At most 20 can be recommended."""
    return render_relationship(*endorsements.add(id, by=viewer))


@endpoint("POST", "/api/v1/accounts/{id}/unendorse", auth=WRITE, ahead=following.ahead)
def unendorse(viewer: Viewer, id: FlakeId) -> entities.Relationship:
    """Recommend an account no more."""
    return render_relationship(*endorsements.remove(id, by=viewer))


@endpoint("GET", "/api/v1/endorsements", auth=signed_in("read:accounts"))
def index(viewer: Viewer, page: Few) -> Paged[entities.Account]:
    """Whom the viewer recommends, newest account first."""
    return page.reply(render_accounts(endorsements.list_own(viewer, page), viewer))


@endpoint("GET", "/api/v1/accounts/{id}/endorsements", auth=optional("read:accounts", open=True),
          also=("/api/v1/pleroma/accounts/{id}/endorsements",), refuses=(401,))
def endorsed(viewer: Viewer | None, id: FlakeId, page: Few) -> Paged[entities.Account]:
    """Whom an account recommends, newest account first."""
    return page.reply(render_accounts(endorsements.list_of(id, page, viewer=viewer), viewer))
