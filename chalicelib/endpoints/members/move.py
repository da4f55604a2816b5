"""The page to move to another account."""

from __future__ import annotations

from dataclasses import dataclass

from ...domain.accounts import moving, settings
from ...domain.viewer import Viewer
from ...web.auth import session_of
from ...web.endpoint import endpoint
from ...web.forms import Field, FormReply, Telling
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Flat
from ...web.replies import Html
from ...web.request import Request
from . import account_page, settled


@dataclass(frozen=True)
class MoveForm:
    target: Field
    password: Field


@endpoint("GET", "/account/move", auth=session_of("write:accounts"))
def move_page(viewer: Viewer, done: Field) -> Html:
    """The form to go on as another account, which says what follows."""
    return account_page("move", viewer, done=done, target="")


@endpoint("POST", "/account/move", auth=session_of("write:accounts"), ahead=settings.ahead)
def move(request: Request, viewer: Viewer, form: Flat[MoveForm]) -> FormReply:
    """Go on as another account, with the password. The followers come along."""
    def act() -> None:
        with counting_failures(AUTHENTICATION, request.ip, viewer.id):
            settings.check_password(viewer, form.password)
        moving.begin(viewer, form.target)

    return settled("move", viewer, act, Telling(blames="target"), target=form.target)
