"""Leaving for good."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import deletion, settings
from ...domain.viewer import Viewer
from ...entities.success import SUCCESS
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Loose
from ...web.request import Request


@endpoint("POST", "/api/pleroma/delete_account", auth=signed_in("write:accounts"), ahead=settings.ahead,
          refuses=(200,))
def delete_account(request: Request, viewer: Viewer,
                   password: Annotated[Loose[str], "The account's password."] = None) -> entities.Success:
    """Delete the viewer's account with all that it has. A job does it; until then the account works.

    Errors have status 200.
    """
    with counting_failures(AUTHENTICATION, request.ip, viewer.id):
        settings.check_password(viewer, password)
    deletion.begin(viewer.id)
    return SUCCESS
