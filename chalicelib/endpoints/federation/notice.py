"""The pages of statuses, for people. Servers are led to the object."""

from __future__ import annotations

from ...domain.federation import own_statuses
from ...entities.statuses.status import render_status
from ...pages import people
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.pages import public_page
from ...web.replies import Html, Redirect
from ...web.request import Request
from .answers import demand_federation, redirect, wants_document


@endpoint("GET", "/notice/{id}", auth=public(), head=True, refuses=(401, 404))
def show(request: Request, id: str) -> Html | Redirect:
    """A status as a page. One of another server is shown there."""
    if wants_document(request):
        demand_federation()
        return redirect(own_statuses.address_of(id))
    status, around = own_statuses.get_page(id)
    author = around.accounts[status.account_id]
    if author.host:
        return redirect(status.url)
    return public_page(request, people.status(render_status(around.original_of(status), None, around)))
