"""oEmbed: how other pages show a status."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.federation import own_statuses
from ...entities.statuses.oembed import render_oembed
from ...entities.statuses.status import render_status
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.errors import NOT_IMPLEMENTED
from ...web.replies import As, Reply

SECONDS_KEPT = 300
JSON = "json"
Pixels = Annotated[int | None, "The most that there is room for."]
Format = Annotated[str, "Only `json` is there."]


@endpoint("GET", "/api/oembed", auth=public(), refuses=(404,))
def oembed(url: Annotated[str, "The address of a status of this server, or of its page."], maxwidth: Pixels = None,
           maxheight: Pixels = None, format: Format = JSON,
           ) -> Reply[entities.OEmbed] | Annotated[Reply[entities.Error], As(501)]:
    """How to show a status of this server within another page."""
    if format != JSON:
        unknown: entities.Error = {"error": NOT_IMPLEMENTED}
        return Reply(unknown, 501)
    status, around = own_statuses.get_embedded(own_statuses.id_in(url))
    shown = render_oembed(render_status(status, None, around), maxwidth, maxheight)
    return Reply(shown, headers={"Cache-Control": f"public, max-age={SECONDS_KEPT}"})
