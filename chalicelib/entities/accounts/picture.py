"""One of an account's pictures, just changed."""

from __future__ import annotations

from typing import TypedDict

from ...settings import settings
from ...store.accounts.accounts import Account


class Picture(TypedDict):
    """Where it is; null after it was taken away."""

    url: str | None


def render_picture(account: Account, name: str) -> Picture:
    """`name`: avatar, header or background."""
    path = account.profile.get(name)
    return {"url": settings.base_url + path if path else None}
