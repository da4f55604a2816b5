"""How somebody likes to post and to read. The names have colons, as clients know them."""

from __future__ import annotations

from typing import TypedDict

from ...store.accounts.accounts import Account as Record

Preferences = TypedDict("Preferences", {
    "posting:default:visibility": str,
    "posting:default:sensitive": bool,
    "posting:default:language": str | None,
    "posting:default:quote_policy": str,
    "reading:expand:media": str,
    "reading:expand:spoilers": bool,
    "reading:autoplay:gifs": bool,
})


def render_preferences(account: Record) -> Preferences:
    """What is read is left to clients: nothing of it is kept here."""
    profile = account.profile
    return {
        "posting:default:visibility": profile.get("default_scope") or "public",
        "posting:default:sensitive": bool(profile.get("default_sensitive")),
        "posting:default:language": profile.get("language"),
        "posting:default:quote_policy": profile.get("quote_policy") or "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }
