"""How the viewer stands to accounts."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import standing
from ...domain.viewer import Viewer
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId


@endpoint("GET", "/api/v1/accounts/relationships", auth=signed_in("read:follows"))
def index(viewer: Viewer,
          id: Annotated[list[FlakeId] | None, "At most 100."] = None) -> list[entities.Relationship]:
    """How the viewer stands to each account, in the order asked. Unknown accounts are left out."""
    return [render_relationship(each, viewer) for each in standing.list_standings(id or [], viewer=viewer)]


@endpoint("GET", "/api/v1/severed_relationships", auth=signed_in("read:follows"))
def severed(viewer: Viewer) -> list[entities.SeveredRelationships]:
    """Follows that ended because of a server. Whose those were is not kept, so there are none."""
    return []
