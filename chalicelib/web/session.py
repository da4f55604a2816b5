"""The session cookie: an access token with this server's signature.

Because of the signature, nobody can plant their own token as somebody else's session, or try tokens by cookie. Whoever
has the cookie has the session, so hiding the token inside it would protect nothing more.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

from ..settings import settings

NAME = "_pleroma_key"
ALSO_READ = (NAME, "__Host-pleroma_key", "pleroma_key")
_LONGEST = 400


def seal(token: str) -> str:
    return f"{token}.{_signature(token)}"


def unseal(value: str) -> str | None:
    """The token in a cookie's value. None if this server's key did not sign it."""
    token, _, signature = value.rpartition(".")
    if not settings.secret_key or not value.isascii() or len(value) > _LONGEST:
        return None
    return token if hmac.compare_digest(_signature(token), signature) else None


def find_in(cookies: Mapping[str, str]) -> str | None:
    """The token of the first session cookie. A cookie that we did not sign counts as one with a dead token."""
    for name in ALSO_READ:
        if name in cookies:
            return unseal(cookies[name]) or ""
    return None


def cookie(token: str) -> str:
    """The Set-Cookie header that starts a session. Empty if the server has no key."""
    return f"{NAME}={seal(token)}{_attributes()}" if settings.secret_key else ""


def ended() -> str:
    """The Set-Cookie header that ends one."""
    return f"{NAME}=; Max-Age=0{_attributes()}"


def _attributes() -> str:
    secure = "; Secure" if settings.base_url.startswith("https:") else ""
    return f"; Path=/; HttpOnly; SameSite=Lax{secure}"


def _signature(token: str) -> str:
    digest = hmac.digest(settings.secret_key.encode(), b"session " + token.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
