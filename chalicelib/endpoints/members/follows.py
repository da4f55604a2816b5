"""The buttons of profiles that follow and unfollow."""

from __future__ import annotations

from typing import Annotated, Literal

from ...domain.relationships import following
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, place_here
from ...web.limits import RELATION_ID_ACTION, RELATIONS_ACTIONS
from ...web.params import FlakeId
from ...web.replies import As, Redirect


@endpoint("POST", "/account/follow", auth=session_of("follow", "write:follows"), refuses=(404,),
          limits=(RELATIONS_ACTIONS, RELATION_ID_ACTION.per("follow", "id")))
def follow(viewer: Viewer, id: FlakeId, action: Literal["follow", "unfollow"],
           next: Annotated[Field, "A path of this server to go on to."]) -> Annotated[Redirect, As(303)]:
    """Follow an account, ask a locked one, or end that."""
    if action == "follow":
        following.follow(id, by=viewer)
    else:
        following.unfollow(id, by=viewer)
    return Redirect(place_here(next), 303)
