"""The pages for a new password: the form, and the result."""

from __future__ import annotations

from urllib.parse import quote

from ...domain.signing_in.password_reset import LONGEST_TOKEN
from . import Safe, fragment, hidden, page


def new_password(nickname: str, token: str) -> str:
    return page("new_password", f"Password Reset for {nickname}", hidden=hidden("data[token]", token))


def invalid_token() -> str:
    return page("notice", "Invalid Token", more=Safe(),
                text="This link was used already, or is too old. You can ask for another where you sign in.")


def password_changed() -> str:
    return page("notice", "Password changed!", more=Safe(),
                text="You are signed out everywhere. Sign in with the new password.")


def reset_failed(token: str) -> str:
    again = Safe()
    if 0 < len(token) < LONGEST_TOKEN:
        again = fragment("try_again", url=f"/api/pleroma/password_reset/{quote(token, safe='')}")
    return page("notice", "Password reset failed", more=again,
                text="The password is not changed. It must not be blank, and has to be the same both times.")
