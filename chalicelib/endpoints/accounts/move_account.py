"""Going on as another account."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import moving, settings
from ...domain.viewer import Viewer
from ...entities.success import SUCCESS
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Loose
from ...web.request import Request


@endpoint("POST", "/api/pleroma/move_account", auth=signed_in("write:accounts"), ahead=settings.ahead,
          refuses=(200, 404))
def move_account(request: Request, viewer: Viewer, password: Annotated[Loose[str], "The account's password."] = None,
                 target_account: Annotated[Loose[str], "Where to: `nick@host`, or a nickname of this server."] = None,
                 ) -> entities.Success:
    """Move the viewer's followers to another account, which must have the viewer's among its aliases.

    Errors have status 200, but for an account that is not found.
    """
    with counting_failures(AUTHENTICATION, request.ip, viewer.id):
        settings.check_password(viewer, password)
    moving.begin(viewer, target_account)
    return SUCCESS
