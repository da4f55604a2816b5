"""Scopes in words: what an app may do, for people who decide about it."""

from __future__ import annotations

from collections.abc import Iterable

WORDS = {
    "read": "Read everything in your account",
    "write": "Change everything in your account",
    "follow": "Follow, block and mute people",
    "push": "Send you notifications",
    "profile": "Know who you are, and nothing else",
    "read:accounts": "Read your profile and settings",
    "read:backups": "See and ask for backups",
    "read:blocks": "See whom you block",
    "read:bookmarks": "See your bookmarks",
    "read:chats": "Read your chats",
    "read:favourites": "See your favourites",
    "read:filters": "See your filters",
    "read:follows": "See whom you follow, and who asks to follow you",
    "read:lists": "See your lists",
    "read:media": "See your uploads",
    "read:mutes": "See whom you mute",
    "read:notifications": "Read your notifications",
    "read:scrobbles": "See what you have listened to",
    "read:search": "Search for you",
    "read:security": "See whether a second factor is on",
    "read:statuses": "Read all posts that you can read",
    "write:accounts": "Change your profile and settings",
    "write:blocks": "Block and unblock people",
    "write:bookmarks": "Change your bookmarks",
    "write:chats": "Write and delete chat messages",
    "write:conversations": "Change your conversations",
    "write:favourites": "Favourite and react to posts",
    "write:filters": "Change your filters",
    "write:follows": "Follow and unfollow people",
    "write:lists": "Change your lists",
    "write:media": "Upload pictures and other files",
    "write:mutes": "Mute and unmute people",
    "write:notifications": "Clear your notifications",
    "write:reports": "Report people and posts",
    "write:scrobbles": "Tell what you listen to",
    "write:security": "Change your second factor",
    "write:statuses": "Write and delete posts",
    "admin": "Do everything that an administrator may do",
    "admin:read": "Read everything that an administrator may read",
    "admin:write": "Change everything that an administrator may change",
}
OF_STAFF = "admin"


def word_of(scope: str) -> str:
    """What a scope allows. One of a part of the administration is named after that part."""
    if scope in WORDS:
        return WORDS[scope]
    above, _, part = scope.rpartition(":")
    about = part.replace("_", " ")
    if above in ("admin:read", "admin:write"):
        return f"{'Read' if above == 'admin:read' else 'Change'} {about}, as an administrator"
    return f"Do what it calls “{scope}”"


def is_of_staff(scope: str) -> bool:
    return scope.partition(":")[0] == OF_STAFF


def in_words(scopes: Iterable[str]) -> list[str]:
    """What scopes allow. A scope below one that is there says nothing more."""
    held = list(scopes)
    return [word_of(scope) for scope in held
            if not any(scope.startswith(f"{other}:") for other in held if other != scope)]
