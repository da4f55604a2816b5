"""One of an account's pictures that was just changed."""

from __future__ import annotations

from typing import TypedDict

from ...settings import settings
from ...store.accounts.accounts import Account


class Picture(TypedDict):
    """The address of the picture. Null: it was removed."""

    url: str | None


def render_picture(account: Account, name: str) -> Picture:
    """`name`: avatar, header or background."""
    path = account.profile.get(name)
    return {"url": settings.base_url + path if path else None}
