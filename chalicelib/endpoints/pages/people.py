"""The pages of accounts and statuses, for visitors who follow an address: what is public, and nothing to press."""

from __future__ import annotations

from ... import entities
from ...settings import settings
from . import Safe, fragment, page


def profile(account: entities.Account) -> str:
    """What an account says of itself. Its note was made safe when it was stored."""
    return page("profile", _name(account), name=_name(account), handle=_handle(account), note=Safe(account["note"]))


def status(written: entities.Status) -> str:
    """What somebody wrote. The text was made safe when it was stored."""
    author, spoiler = written["account"], written["spoiler_text"]
    subject = fragment("paragraph", text=spoiler) if spoiler else Safe()
    return page("status", _name(author), name=_name(author), handle=_handle(author), url=author["url"],
                subject=subject, text=Safe(written["content"]), written=written["created_at"][:10])


def _name(account: entities.Account) -> str:
    return account["display_name"] or account["username"]


def _handle(account: entities.Account) -> str:
    return account["acct"] if "@" in account["acct"] else f"{account['acct']}@{settings.host}"
