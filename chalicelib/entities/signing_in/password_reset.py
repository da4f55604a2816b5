"""A link to a new password."""

from __future__ import annotations

from typing import TypedDict


class PasswordReset(TypedDict):
    """The token, and the address of the page for it."""

    token: str
    link: str
