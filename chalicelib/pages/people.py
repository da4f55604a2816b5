"""The pages of accounts and statuses, for visitors who follow an address: what is public, and nothing to press."""

from __future__ import annotations

from .. import entities
from .engine import rendered


def profile(account: entities.Account) -> str:
    """What an account says of itself. Its note was made safe when it was stored."""
    return rendered("people/profile.html", account=account)


def status(written: entities.Status) -> str:
    """What somebody wrote. The text was made safe when it was stored."""
    return rendered("people/status.html", status=written)
