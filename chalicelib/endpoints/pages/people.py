"""The pages of accounts and statuses, for visitors who follow an address: what is public, and nothing to press."""

from __future__ import annotations

from ... import entities
from ...settings import settings
from . import Safe, fragment, page


def profile(account: entities.Account) -> str:
    """What an account says of itself. Its note was made safe when it was stored."""
    name = name_of(account)
    return page("profile", name, name=name, handle=handle_of(account), note=Safe(account["note"]))


def status(written: entities.Status) -> str:
    """What somebody wrote. The text was made safe when it was stored."""
    author, spoiler = written["account"], written["spoiler_text"]
    subject = fragment("paragraph", text=spoiler) if spoiler else Safe()
    return page("status", name_of(author), name=name_of(author), handle=handle_of(author), url=author["url"],
                subject=subject, text=Safe(written["content"]), written=written["created_at"][:10])


def name_of(account: entities.Account) -> str:
    return account["display_name"] or account["username"]


def handle_of(account: entities.Account) -> str:
    return account["acct"] if "@" in account["acct"] else f"{account['acct']}@{settings.host}"
