"""Asking for the letter that confirms an address."""

from __future__ import annotations

from typing import Annotated

from ...domain.accounts import confirmation
from ...web.auth import public
from ...web.endpoint import endpoint
from ...web.limits import ACCOUNT_CONFIRMATION_RESEND
from ...web.replies import NoContent


@endpoint("POST", "/api/v1/pleroma/accounts/confirmation_resend", auth=public(), limits=(ACCOUNT_CONFIRMATION_RESEND,))
def resend_confirmation(email: str | None = None,
                        nickname: Annotated[str | None, "Or the nickname."] = None) -> NoContent:
    """Send the letter again. The reply is the same whether or not anybody has this address or nickname."""
    confirmation.resend(email or nickname)
    return NoContent()
