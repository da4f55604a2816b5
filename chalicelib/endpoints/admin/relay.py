"""Relays. Until there is federation, none can be followed, and whoever tries is told so."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...web.auth import admin
from ...web.endpoint import endpoint
from ...web.params import StrictFlag
from ...web.replies import As, Reply

WRITE = admin("admin:write:follows")
Failure = Annotated[Reply[str], As(500)]
Address = Annotated[str, "The address of the relay's actor."]


@endpoint("GET", "/api/pleroma/admin/relay", auth=admin("admin:read"))
def index() -> entities.Relays:
    """The relays that this server follows: none."""
    return {"relays": []}


@endpoint("POST", "/api/pleroma/admin/relay", auth=WRITE)
def follow(relay_url: Address) -> Failure:
    """Follow a relay. No relay can be reached, so the reply is that of a failure."""
    return Reply(relay_url, 500)


@endpoint("DELETE", "/api/pleroma/admin/relay", auth=WRITE)
def unfollow(relay_url: Address,
             force: Annotated[StrictFlag, "Forget a relay that cannot be reached."] = False) -> Failure:
    """Follow a relay no longer. None is followed, so the reply is that of a failure."""
    return Reply(relay_url, 500)
