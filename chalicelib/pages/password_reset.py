"""The pages for a new password: the form, and the result."""

from __future__ import annotations

from urllib.parse import quote

from ..domain.signing_in.password_reset import LONGEST_TOKEN
from .engine import rendered
from .notices import WayOn, notice


def new_password(nickname: str, token: str) -> str:
    return rendered("signing_in/new_password.html", nickname=nickname, token=token)


def invalid_token() -> str:
    return notice("Invalid Token",
                  "This link was used already, or is too old. You can ask for another where you sign in.")


def password_changed() -> str:
    return notice("Password changed!", "You are signed out everywhere. Sign in with the new password.")


def reset_failed(token: str) -> str:
    again = None
    if 0 < len(token) < LONGEST_TOKEN:
        again = WayOn(f"/api/pleroma/password_reset/{quote(token, safe='')}", "Try again")
    return notice("Password reset failed",
                  "The password is not changed. It must not be blank, and has to be the same both times.", again)
