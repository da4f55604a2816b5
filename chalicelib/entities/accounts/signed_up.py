"""What somebody gets who has signed up and cannot sign in yet."""

from __future__ import annotations

from typing import TypedDict

from ...store.accounts.accounts import Account as Record


class SignedUp(TypedDict):
    """A new account that cannot sign in yet, and why."""

    message: str
    identifier: str


_SIGNED_UP: dict[str, SignedUp] = {
    "confirmation_pending": {
        "message": "You have been registered. Please check your email for further instructions.",
        "identifier": "missing_confirmed_email",
    },
    "approval_pending": {
        "message": "You have been registered. You'll be able to log in once your account is approved.",
        "identifier": "awaiting_approval",
    },
}
_BY_HAND: SignedUp = {
    "message": "You have been registered. Some post-registration steps may be pending. Please log in manually.",
    "identifier": "manual_login_required",
}


def render_signed_up(account: Record) -> SignedUp:
    return _SIGNED_UP.get(account.status, _BY_HAND)
