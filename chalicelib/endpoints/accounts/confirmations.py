"""Confirming an address, as clients of Mastodon ask about it. Here nobody has a token before it is confirmed."""

from __future__ import annotations

from typing import Any

from ...domain.refusals import Forbidden
from ...domain.viewer import Viewer
from ...web.auth import signed_in
from ...web.endpoint import endpoint

CONFIRMED = "This method is only available while the e-mail is awaiting confirmation"


@endpoint("POST", "/api/v1/emails/confirmations", auth=signed_in())
def resend(viewer: Viewer) -> dict[str, Any]:
    """Send the letter again. Who has a token has confirmed, so this is refused: `confirmation_resend` does it here."""
    raise Forbidden(CONFIRMED)


@endpoint("GET", "/api/v1/emails/check_confirmation", auth=signed_in())
def check(viewer: Viewer) -> bool:
    """Whether the address is confirmed: it is, since the viewer could sign in."""
    return not viewer.account.confirmation_pending
