"""Asking for a new password."""

from __future__ import annotations

from typing import Annotated

from ...domain.signing_in import password_reset
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.limits import PASSWORD_RESET
from ...web.params import Loose
from ...web.replies import NoContent


@endpoint("POST", "/auth/password", auth=public(), limits=(PASSWORD_RESET,))
def ask_for_new_password(email: Loose[str], nickname: Annotated[Loose[str], "Or the nickname."]) -> NoContent:
    """Send a link to a new password. The reply is the same whether or not anybody has this address or nickname."""
    password_reset.ask(email or nickname)
    return NoContent()
