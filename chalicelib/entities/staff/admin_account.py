"""Account as administration lists it: who somebody is, and what only the staff knows of them."""

from __future__ import annotations

from typing import TypedDict

from ...domain.text import plain_text
from ...store.accounts.accounts import Account as Record
from ...store.accounts.accounts import Secret
from ..accounts.account import Account, arrange_account


class Roles(TypedDict):
    admin: bool
    moderator: bool


class OfStaff(TypedDict):
    """What only the staff gets of an account. The last four are what newer clients look for."""

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
    is_active: bool
    is_confirmed: bool
    is_approved: bool
    is_suggested: bool


class AdminAccount(OfStaff):
    id: str
    avatar: str
    display_name: str
    url: str
    created_at: str


def render_admin_account(account: Record, secret: Secret | None) -> AdminAccount:
    """For the staff only. Reads nothing."""
    shown = arrange_account(account, None)
    return {
        "id": shown["id"],
        "avatar": shown["avatar"],
        "display_name": bare_name(shown),
        "url": shown["url"],
        "created_at": shown["created_at"],
        **of_staff(account, secret),
    }


def bare_name(shown: Account) -> str:
    """The display name without HTML."""
    return plain_text(shown["display_name"])


def of_staff(account: Record, secret: Secret | None) -> OfStaff:
    return {
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
        "is_active": not account.deactivated,
        "is_confirmed": not account.confirmation_pending,
        "is_approved": not account.approval_pending,
        "is_suggested": bool(account.suggested),
    }
