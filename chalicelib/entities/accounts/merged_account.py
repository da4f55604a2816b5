"""Account as the staff sees it: what everybody sees, and what only administration knows, merged."""

from __future__ import annotations

from typing import TypedDict

from ...domain.text import plain_text
from ...store.accounts.accounts import Account as Record
from ...store.accounts.accounts import Secret
from .account import Account, arrange_account


class Roles(TypedDict):
    admin: bool
    moderator: bool


class MergedAccount(Account):
    nickname: str
    email: str | None
    deactivated: bool
    local: bool
    confirmation_pending: bool
    approval_pending: bool
    roles: Roles
    tags: list[str]
    registration_reason: str | None
    actor_type: str


def render_merged_account(account: Record, secret: Secret | None) -> MergedAccount:
    """For the staff only. Reads nothing."""
    shown = arrange_account(account, None)
    return {
        **shown,
        "display_name": plain_text(shown["display_name"]),
        "nickname": account.nickname,
        "email": secret.email if secret is not None else None,
        "deactivated": bool(account.deactivated),
        "local": account.host is None,
        "confirmation_pending": bool(account.confirmation_pending),
        "approval_pending": bool(account.approval_pending),
        "roles": {"admin": bool(account.is_admin), "moderator": bool(account.is_moderator)},
        "tags": account.tags or [],
        "registration_reason": secret.reason if secret is not None else None,
        "actor_type": account.actor_type,
    }
