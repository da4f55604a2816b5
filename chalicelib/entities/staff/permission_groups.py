"""Permission groups: which of the roles an account has."""

from __future__ import annotations

from typing import TypedDict

from ...store.accounts.accounts import Account


class PermissionGroups(TypedDict):
    is_moderator: bool
    is_admin: bool


class PermissionGroup(TypedDict, total=False):
    """The one group that was asked for."""

    is_admin: bool
    is_moderator: bool


def render_groups(account: Account) -> PermissionGroups:
    return {"is_moderator": bool(account.is_moderator), "is_admin": bool(account.is_admin)}


def render_group(group: str, is_in_it: bool) -> PermissionGroup:
    return {"is_admin": is_in_it} if group == "admin" else {"is_moderator": is_in_it}
