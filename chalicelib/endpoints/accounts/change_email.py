"""Changing the account's e-mail address."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import settings
from ...domain.viewer import Viewer
from ...entities.success import SUCCESS
from ...web.auth import signed_in
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Loose
from ...web.request import Request


@endpoint("POST", "/api/pleroma/change_email", auth=signed_in("write:accounts"), ahead=settings.ahead, refuses=(200,))
def change_email(request: Request, viewer: Viewer, password: Annotated[Loose[str], "The account's password."] = None,
                 email: Annotated[Loose[str], "The new address."] = None) -> entities.Success:
    """Change the e-mail address at once. Letters tell the old and the new one. Errors have status 200."""
    with counting_failures(AUTHENTICATION, request.ip, viewer.id):
        settings.change_email(viewer, password, email)
    return SUCCESS
