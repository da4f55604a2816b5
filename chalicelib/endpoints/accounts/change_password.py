"""Changing the account's password."""

from __future__ import annotations

from typing import Annotated

from ... import entities
from ...domain.accounts import settings
from ...domain.viewer import Viewer
from ...entities.success import SUCCESS
from ...web.auth import sent_session, signed_in
from ...web.endpoint import endpoint
from ...web.limits import AUTHENTICATION, counting_failures
from ...web.params import Loose
from ...web.replies import END, LEAVE, Reply
from ...web.request import Request


@endpoint("POST", "/api/pleroma/change_password", auth=signed_in("write:accounts"), ahead=settings.ahead,
          refuses=(200,))
def change_password(
        request: Request, viewer: Viewer, password: Annotated[Loose[str], "The present one."] = None,
        new_password: Loose[str] = None, new_password_confirmation: Annotated[Loose[str], "The same again."] = None,
        ) -> Reply[entities.Success]:
    """Change the password. This ends every token and code of the account, also this request's. Errors: status 200."""
    with counting_failures(AUTHENTICATION, request.ip, viewer.id):
        settings.change_password(viewer, password, new_password, new_password_confirmation)
    is_this_session = request.token is not None and sent_session(request) == request.token
    return Reply(SUCCESS, session=END if is_this_session else LEAVE)
