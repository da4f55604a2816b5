"""A profile as its owner edits it: as typed, without what others add to an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ...domain.tags.featured import CountedTag
from ...store.accounts.accounts import Account
from ..tags.featured_tag import FeaturedTag, render_featured_tags
from .account import BOTS, absolute
from .source import ShownField, hides_collections


class Profile(TypedDict):
    """A profile. Pictures are null where the account has none of its own."""

    id: str
    display_name: str
    note: str
    fields: list[ShownField]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
    featured_tags: list[FeaturedTag]


def render_profile(account: Account, tags: Sequence[CountedTag]) -> Profile:
    doc = account.profile
    avatar, header = ((absolute(doc[name]) if doc.get(name) else None) for name in ("avatar", "header"))
    return {
        "id": account.id,
        "display_name": doc.get("display_name") or "",
        "note": doc.get("note") or "",
        "fields": [{"name": name, "value": typed, "verified_at": None} for name, typed, _ in doc.get("fields") or ()],
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": doc.get("avatar_description") or "",
        "header": header,
        "header_static": header,
        "header_description": doc.get("header_description") or "",
        "locked": bool(account.locked),
        "bot": account.actor_type in BOTS,
        "hide_collections": hides_collections(doc),
        "discoverable": bool(doc.get("discoverable")),
        "indexable": bool(doc.get("indexable")),
        "show_media": doc.get("show_media", True),
        "show_media_replies": doc.get("show_media_replies", True),
        "show_featured": doc.get("show_featured", True),
        "attribution_domains": list(doc.get("attribution_domains") or ()),
        "featured_tags": render_featured_tags(tags),
    }
