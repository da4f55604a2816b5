"""Webfinger: other servers ask for it first, to find an account."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.instance import webfinger
from ...domain.refusals import NotFound
from ...entities.instance.webfinger import XRD, XRD_KIND, render_webfinger, render_webfinger_as_xrd
from ...settings import settings
from ...web.accepting import preferred
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.replies import As, Reply
from ...web.request import Request

UNKNOWN = "Couldn't find user"
JSON, JRD = "application/json", "application/jrd+json"
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
    account = webfinger.find(resource)
    if kind in XML:
        if account is None:
            return Reply(UNKNOWN, 404, content_type="text/plain; charset=utf-8")
        return Reply(render_webfinger_as_xrd(account), content_type=XRD)
    if account is None:
        return Reply(UNKNOWN, 404)
    return Reply(render_webfinger(account), headers={"Content-Type": f"{JRD}; charset=utf-8"} if kind == JRD else {})


def demand_federation() -> None:
    """Raises NotFound on a server that should not be known to others."""
    if not settings.federating:
        raise NotFound(NOT_IMPLEMENTED)
