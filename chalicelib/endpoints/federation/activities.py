"""The activities of writing statuses, by their addresses."""

from __future__ import annotations

from ...domain.federation import own_statuses
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Redirect
from ...web.request import Request
from .answers import (
    Answer,
    answer,
    asker_of,
    flake_in,
    redirect_to_notice,
    wants_document,
)


@endpoint("GET", "/activities/{uuid}", auth=public(), head=True, refuses=(401, 403, 404))
def show(request: Request, uuid: str) -> Answer | Redirect:
    """How a status came to be, for servers. People are led to the page. No other activity is shown."""
    flake = flake_in(uuid)
    if not wants_document(request):
        return redirect_to_notice(flake)
    return answer(own_statuses.creation_of(flake, asker_of(request)))
