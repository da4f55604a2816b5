"""Roles: whether an account is administrator or moderator, as newer clients read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict


class ShownRole(TypedDict):
    """What everybody sees of a role."""

    id: str
    name: str
    color: str


class Role(ShownRole):
    """The role of the viewer's own account. `permissions`: bits, as a number in a text."""

    permissions: str
    highlighted: bool


ADMIN, MODERATOR = "Admin", "Moderator"
_IDS = {ADMIN: "3", MODERATOR: "1", "": "-99"}
_PERMISSIONS = {ADMIN: "1", MODERATOR: "1308", "": "65536"}
"""Mastodon's bits: all that administrators may; to look after reports, users and the log; to invite."""
PRIVILEGES = (
    "users_read", "users_manage_invites", "users_manage_activation_state", "users_manage_tags",
    "users_manage_credentials", "users_delete", "messages_read", "messages_delete", "instances_delete",
    "reports_manage_reports", "moderation_log_read", "emoji_manage_emoji", "statistics_read",
)
"""What administrators may do, in Pleroma's words."""


def role_name(stored: Mapping[str, Any]) -> str:
    """The name of the role of an account, from its row. Empty: it has none."""
    return ADMIN if stored.get("is_admin") else MODERATOR if stored.get("is_moderator") else ""


def render_roles(stored: Mapping[str, Any]) -> list[ShownRole]:
    name = role_name(stored)
    return [{"id": _IDS[name], "name": name, "color": ""}] if name else []


def render_role(stored: Mapping[str, Any]) -> Role:
    name = role_name(stored)
    return {"id": _IDS[name], "name": name, "permissions": _PERMISSIONS[name], "color": "", "highlighted": bool(name)}


def render_privileges(stored: Mapping[str, Any]) -> list[str]:
    return list(PRIVILEGES) if stored.get("is_admin") else []
