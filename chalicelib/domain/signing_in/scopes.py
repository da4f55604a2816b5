"""Scopes: what a token may do. A scope covers itself and everything below it: `write` covers `write:media`."""

from __future__ import annotations

import re
from collections.abc import Iterable

PROFILE = "profile"
"""For apps that only want to know who somebody is. It stands below no other scope."""
_OF_ACCOUNTS = ("accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes",
                "notifications", "statuses")
_TO_READ = (*_OF_ACCOUNTS, "backups", "chats", "media", "reports", "scrobbles", "search", "security")
_TO_WRITE = (*_OF_ACCOUNTS, "chats", "conversations", "media", "reports", "scrobbles", "security")
_OF_STAFF_TO_READ = ("accounts", "chats", "frontends", "invites", "media_proxy_caches", "reports", "statuses")
_OF_STAFF_TO_WRITE = (*_OF_STAFF_TO_READ, "follows")
KNOWN = (
    "read", *(f"read:{each}" for each in sorted(_TO_READ)), "write", *(f"write:{each}" for each in sorted(_TO_WRITE)),
    "follow", "push", PROFILE,
    "admin:metrics", "admin:read", *(f"admin:read:{each}" for each in _OF_STAFF_TO_READ),
    "admin:write", *(f"admin:write:{each}" for each in sorted(_OF_STAFF_TO_WRITE)),
)
"""What apps may ask for. A scope that is not listed lets nobody do anything."""
_SEPARATORS = re.compile(r"[\s,]+")


def split(text: str) -> list[str]:
    """The scopes of a text, separated by blanks or commas, in order, each once."""
    return list(dict.fromkeys(scope for scope in _SEPARATORS.split(text) if scope))


def covers(held: Iterable[str], wanted: str) -> bool:
    """Whether one of the held scopes is `wanted` or stands above it."""
    return any(scope == wanted or wanted.startswith(scope + ":") for scope in held)
