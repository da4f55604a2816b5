"""Following by a button of a profile, wherever that is shown."""

from __future__ import annotations

from typing import Annotated, Literal

from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import HOME, Field, FormReply
from ...web.params import FlakeId
from ...web.replies import Html
from ...web.request import Request
from .acting import Pressed, Pressing, answer
from .acting.accounts import ACTS


@endpoint("POST", "/account/follow", auth=session_of("follow", "write:follows"), refuses=(404,))
def follow(request: Request, viewer: Viewer, id: FlakeId, action: Literal["follow", "unfollow"],
           next: Annotated[Field, "A path of this server to go on to."]) -> FormReply | Html:
    """Follow an account, ask a locked one, or end that."""
    return answer(Pressing(request, viewer, "account", id, action, Pressed(back=next), HOME), ACTS)
