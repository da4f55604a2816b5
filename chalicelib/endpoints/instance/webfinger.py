"""What other servers ask for first: webfinger, host-meta, and which servers this one does not reach.

`/api/v1/pleroma/federation_status` and `/.well-known/host-meta` are here too.
"""

from __future__ import annotations

from typing import Annotated, Any

from ... import entities
from ...domain.instance import webfinger
from ...domain.refusals import NotFound
from ...domain.viewer import Viewer
from ...entities.instance.webfinger import XRD, render_host_meta, render_webfinger, render_webfinger_as_xrd
from ...settings import settings
from ...web.accepting import preferred
from ...web.auth import optional, public
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.replies import Reply
from ...web.request import Request

UNKNOWN = "Couldn't find user"
JRD = "application/jrd+json"
XML = ("application/xrd+xml", "application/xml", "text/xml")


@endpoint("GET", "/.well-known/webfinger", auth=public())
def show(request: Request, resource: Annotated[str, "`acct:nick@host`, `nick@host`, or an account's address."],
         ) -> Reply[entities.Webfinger] | Reply[entities.Error] | Reply[str]:
    """Who an address means: as JSON, or as XRD where that is what `Accept` asks for."""
    _demand_federation()
    kind = preferred(request.headers.get("accept", ""), ("application/json", JRD, *XML))
    if kind is None:
        return Reply[entities.Error]({"error": "Not acceptable"}, 406)
    account = webfinger.find(resource)
    if kind in XML:
        if account is None:
            return Reply(UNKNOWN, 404, content_type="text/plain; charset=utf-8")
        return Reply(render_webfinger_as_xrd(account), content_type=XRD)
    if account is None:
        return Reply(UNKNOWN, 404)
    return Reply(render_webfinger(account), headers={"Content-Type": f"{JRD}; charset=utf-8"} if kind == JRD else {})


@endpoint("GET", "/.well-known/host-meta", auth=public())
def host_meta() -> Reply[str]:
    """Where webfinger is found."""
    _demand_federation()
    return Reply(render_host_meta(), content_type=XRD)


@endpoint("GET", "/api/v1/pleroma/federation_status", auth=optional())
def federation_status(viewer: Viewer | None) -> dict[str, Any]:
    """The servers that have not been reached for a while: none, since this one reaches for no other."""
    return {"unreachable": {}}


def _demand_federation() -> None:
    if not settings.federating:
        raise NotFound(NOT_IMPLEMENTED)
