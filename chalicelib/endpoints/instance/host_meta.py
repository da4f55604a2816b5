"""Host-meta: tells other servers where webfinger is."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...entities.instance.webfinger import XRD, XRD_KIND, render_host_meta, render_host_meta_as_xrd
from ...web.accepting import preferred
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply
from ...web.request import Request
from ..federation.answers import BY_FORM, demand_federation
from .webfinger import JRD, JSON, XML

AsXrd = Annotated[Reply[str], As(kinds=(XRD_KIND,))]
AsJson = Annotated[Reply[entities.HostMeta], As(kinds=(JSON, JRD))]


@endpoint("GET", "/.well-known/host-meta", auth=public(), refuses=(404,))
def host_meta(request: Request) -> AsXrd | AsJson:
    """Where webfinger is found: as XRD, or as JSON if `Accept` prefers that."""
    demand_federation()
    kind = preferred(request.headers.get("accept", ""), (*XML, JSON, JRD))
    return _as_json(kind) if kind in (JSON, JRD) else Reply(render_host_meta_as_xrd(), content_type=XRD)


@endpoint("GET", "/.well-known/host-meta.json", auth=public(), refuses=(404,))
def host_meta_json() -> AsJson:
    """The same as JSON."""
    demand_federation()
    return _as_json(JSON)


def _as_json(kind: str) -> Reply[entities.HostMeta]:
    return Reply(render_host_meta(), headers={"Content-Type": f"{kind}; charset=utf-8", **BY_FORM})
