"""The pages for a new password: the form, and the result."""

from __future__ import annotations

from urllib.parse import quote

from ..domain.signing_in.password_reset import LONGEST_TOKEN
from .engine import rendered
from .notices import WayOn, notice

SIGN_IN = WayOn("/account/sign-in", "Sign in")


def new_password(nickname: str, token: str) -> str:
    return rendered("signing_in/new_password.html", nickname=nickname, token=token)


def forgotten() -> str:
    return _asking("Forgot password?", "Write your address or username. A letter brings a link to a new password.")


def asked() -> str:
    return notice("Look into your mailbox", "If there is such an account, a letter is on its way.", SIGN_IN)


def invalid_token() -> str:
    return _asking("Invalid Token", "This link was used already, or is too old. You can have another.")


def _asking(title: str, text: str) -> str:
    return rendered("signing_in/forgotten.html", title=title, text=text)


def password_changed() -> str:
    return notice("Password changed!", "You are signed out everywhere. Sign in with the new password.", SIGN_IN)


def reset_failed(token: str) -> str:
    again = None
    if 0 < len(token) < LONGEST_TOKEN:
        again = WayOn(f"/api/pleroma/password_reset/{quote(token, safe='')}", "Try again")
    return notice("Password reset failed",
                  "The password is not changed. It must not be blank, and has to be the same both times.", again)
