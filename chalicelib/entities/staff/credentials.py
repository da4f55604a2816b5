"""Credentials of an account, as administrators get and change them."""

from __future__ import annotations

from typing import Any, TypedDict

from ...domain.lookup import DEFAULT_AVATAR
from ...store.accounts.accounts import Account as Record
from ...store.staff.credentials import Kept
from ..accounts.account import DEFAULT_HEADER, ShownField, absolute


class StaffCredentials(TypedDict):
    """All that an administrator may change, but for the password.

    The document says `locked` and `discoverable`, the reference `is_locked` and `is_discoverable`: both are here.
    """

    actor_type: str
    allow_following_move: bool
    avatar: str
    background: str | None
    banner: str
    bio: str
    default_scope: str
    discoverable: bool
    email: str | None
    fields: list[ShownField]
    hide_favorites: bool
    hide_followers: bool
    hide_followers_count: bool
    hide_follows: bool
    hide_follows_count: bool
    id: str
    is_discoverable: bool
    is_locked: bool
    locked: bool
    name: str
    nickname: str
    no_rich_text: bool
    pleroma_settings_store: dict[str, Any]
    raw_fields: list[ShownField]
    show_role: bool
    skip_thread_containment: bool


def render_credentials(held: Kept) -> StaffCredentials:
    """Reads nothing."""
    account: Record = held.account
    doc = account.profile
    background = doc.get("background")
    fields = doc.get("fields") or ()
    is_locked, is_discoverable = bool(account.locked), bool(doc.get("discoverable"))
    return {
        "actor_type": account.actor_type,
        "allow_following_move": doc.get("allow_following_move", True),
        "avatar": absolute(doc.get("avatar") or DEFAULT_AVATAR),
        "background": absolute(background) if background else None,
        "banner": absolute(doc.get("header") or DEFAULT_HEADER),
        "bio": doc.get("note_html") or "",
        "default_scope": doc.get("default_scope") or "public",
        "discoverable": is_discoverable,
        "email": held.secret.email if held.secret is not None else None,
        "fields": [{"name": name, "value": html} for name, _, html in fields],
        "hide_favorites": doc.get("hide_favorites", True),
        "hide_followers": bool(doc.get("hide_followers")),
        "hide_followers_count": bool(doc.get("hide_followers_count")),
        "hide_follows": bool(doc.get("hide_follows")),
        "hide_follows_count": bool(doc.get("hide_follows_count")),
        "id": account.id,
        "is_discoverable": is_discoverable,
        "is_locked": is_locked,
        "locked": is_locked,
        "name": doc.get("display_name") or account.nickname,
        "nickname": account.nickname,
        "no_rich_text": bool(doc.get("no_rich_text")),
        "pleroma_settings_store": held.known.settings_store,
        "raw_fields": [{"name": name, "value": typed} for name, typed, _ in fields],
        "show_role": doc.get("show_role", True),
        "skip_thread_containment": bool(doc.get("skip_thread_containment")),
    }
