"""Webfinger: other servers ask for it first, to find an account."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.instance import webfinger
from ...entities.instance.webfinger import JRD_KIND, XRD, XRD_KIND, render_webfinger, render_webfinger_as_xrd
from ...web.accepting import preferred
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.replies import As, Reply
from ...web.request import Request
from ..federation.answers import demand_federation

UNKNOWN = "Couldn't find user"
JSON, JRD = "application/json", JRD_KIND
XML = (XRD_KIND, "application/xml", "text/xml")
Found = Annotated[Reply[entities.Webfinger], As(kinds=(JSON, JRD))]
FoundAsXrd = Annotated[Reply[str], As(kinds=(XRD_KIND,))]
Missing = Annotated[Reply[str], As(404, kinds=(JSON, "text/plain"))]


@endpoint("GET", "/.well-known/webfinger", auth=public(), refuses=(404,))
def show(request: Request, resource: Annotated[str, "`acct:nick@host`, `nick@host`, or an account's address."],
         ) -> Found | FoundAsXrd | Missing | Annotated[Reply[entities.Error], As(406)]:
    """Whom an address means: as JSON, or as XRD if `Accept` asks for that."""
    demand_federation()
    kind = preferred(request.headers.get("accept", ""), (JSON, JRD, *XML))
    if kind is None:
        return Reply[entities.Error]({"error": "Not acceptable"}, 406)
    meant = webfinger.find(resource)
    if kind in XML:
        if meant is None:
            return Reply(UNKNOWN, 404, content_type="text/plain; charset=utf-8")
        return Reply(render_webfinger_as_xrd(meant), content_type=XRD)
    if meant is None:
        return Reply(UNKNOWN, 404)
    return Reply(render_webfinger(meant), headers={"Content-Type": f"{JRD}; charset=utf-8"} if kind == JRD else {})
