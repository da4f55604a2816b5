"""The actor by which the server itself speaks. It answers always, or two servers that want signatures never meet."""

from __future__ import annotations

from ...domain.federation import own_accounts
from ...web.auth import public
from ...web.endpoint import endpoint
from .answers import Answer, answer, demand_federation


@endpoint("GET", "/internal/fetch", auth=public(), head=True, refuses=(404,))
def show() -> Answer:
    """The actor of this server, which signs what the server asks of others."""
    demand_federation()
    return answer(own_accounts.server())
