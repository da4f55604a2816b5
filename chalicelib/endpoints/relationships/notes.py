"""Notes that the viewer takes of accounts."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.relationships import following, notes
from ...domain.viewer import Viewer
from ...entities.relationships.relationship import render_relationship
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.params import FlakeId


@endpoint("POST", "/api/v1/accounts/{id}/note", auth=signed_in("follow", "write:accounts"), ahead=following.ahead)
def note(viewer: Viewer, id: FlakeId,
         comment: Annotated[str, "At most 2,000 characters; empty: no note."] = "") -> entities.Relationship:
    """Note something of an account. Only the viewer ever sees it, as `note` of the relationship."""
    return render_relationship(notes.set_note(id, comment, by=viewer), viewer)
