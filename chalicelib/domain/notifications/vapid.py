"""VAPID: the key by which push services know this server."""

from __future__ import annotations

from ...settings import settings

_URL_SAFE = str.maketrans("+/", "-_", "=")


def public_key() -> str | None:
    """The key that browsers subscribe with. None: this server pushes nothing."""
    if settings.vapid_public_key and settings.holds("vapid_private_key") and settings.holds("encryption_key"):
        return url_safe(settings.vapid_public_key)
    return None


def url_safe(key: str) -> str:
    """A base64 key with the characters that are safe in addresses, without padding."""
    return key.strip().translate(_URL_SAFE)
