"""Host-meta: tells other servers where webfinger is."""

from __future__ import annotations

from ...entities.instance.webfinger import XRD, render_host_meta
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import Reply
from .webfinger import demand_federation


@endpoint("GET", "/.well-known/host-meta", auth=public())
def host_meta() -> Reply[str]:
    """Where webfinger is found."""
    demand_federation()
    return Reply(render_host_meta(), content_type=XRD)
