"""Host-meta: tells other servers where webfinger is."""

from __future__ import annotations

from typing import Annotated

from ...entities.instance.webfinger import XRD, XRD_KIND, render_host_meta
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply
from .webfinger import demand_federation


@endpoint("GET", "/.well-known/host-meta", auth=public(), refuses=(404,))
def host_meta() -> Annotated[Reply[str], As(kinds=(XRD_KIND,))]:
    """Where webfinger is found."""
    demand_federation()
    return Reply(render_host_meta(), content_type=XRD)
